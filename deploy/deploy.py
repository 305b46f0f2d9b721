"""Deploy Sightline to AWS, test it there, and bring it to traffic; or back.

    scripts/deploy                                   # both functions, each in its guide's region, as zips
    scripts/deploy --only crack --package image      # one, as an image (needs docker, podman or buildah)
    scripts/deploy --set GazeApiKey=true --set AlarmEmail=me@example.org
    scripts/deploy rollback --only crack             # to the version before
    scripts/deploy --dry-run                         # what would change; nothing does

A release is a new version of each function. It is tested by its number first, then all traffic goes to it and it is
tested at its address, and where that fails the traffic goes back by itself.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from package import PackageError, build_zip
from releases import template as templates
from releases.account import Account
from releases.artifacts import push_image, upload_zip
from releases.flow import Code, Plan, addresses, release, roll_back
from releases.stack import Stack
from releases.targets import STACK, TARGETS, DeployError, Target, by_region

_PRODUCTS: Final = tuple(target.product for target in TARGETS)

# A bucket is named after the stack, the account and the region, in small letters and at most 63 of them.
_STACK_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")
_RELEASE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")  # it is an image's tag too


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        _check(options)
        if options.command == "validate":
            templates.lint(options.template)
            say(f"{options.template}: cfn-lint and sam validate find no fault")
            return 0
        _run(options)
    except DeployError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "Interrupted. AWS finishes an update that has begun; `rollback` goes to the version before.",
            file=sys.stderr,
        )
        return 130
    return 0


def say(line: str) -> None:
    """Show a step at once, also where the output goes to a file."""
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("command", nargs="?", choices=["release", "rollback", "validate"], default="release", help="default: release")
    add("--only", choices=_PRODUCTS, help="one function; the other stays as it is")
    add("--region", help="for both; else AWS_REGION, else the guides' (crack ap-northeast-2, gaze us-west-1)")
    add("--profile", help="of the AWS configuration")
    add("--stack", default=STACK, help=f"the stack's name (default: {STACK})")
    add("--package", choices=["zip", "image"], help="how to package (default: as it is deployed, zip at first)")
    add("--image-uri", action="append", default=[], metavar="[PRODUCT=]URI", help="an image in ECR, by digest")
    add("--zip-file", action="append", default=[], metavar="[PRODUCT=]PATH", help="a zip that was built already")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of deploy/template.yaml")
    add("--release", default="", help="the release's name (default: the time, in UTC)")
    add("--dry-run", action="store_true", help="check the template and show what would change")
    add("--skip-lint", action="store_true", help="do not look at the template first; `validate` was run before")
    for product in _PRODUCTS:
        add(
            f"--{product}-url",
            metavar="URL",
            help=f"where {product} is tested, if not at AWS's address ({{id}}: its id)",
        )
    add("--template", type=Path, default=templates.TEMPLATE, help=argparse.SUPPRESS)
    return parser


def _check(options: argparse.Namespace) -> None:
    """Refuse what AWS would refuse later, or what would be ignored."""
    if not _STACK_NAME.fullmatch(options.stack):
        raise DeployError(f"--stack is {options.stack!r}: up to 20 small letters, digits and hyphens, a letter first.")
    options.release = options.release or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if not _RELEASE_NAME.fullmatch(options.release):
        raise DeployError(f"--release is {options.release!r}: up to 100 letters, digits and any of '_.-'.")
    options.region = options.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    wanted = [options.only] if options.only else list(_PRODUCTS)
    options.images = _by_product("--image-uri", options.image_uri, wanted)
    options.zips = _by_product("--zip-file", options.zip_file, wanted)
    if both := sorted(set(options.images) & set(options.zips)):
        raise DeployError(f"--image-uri and --zip-file both name {', '.join(both)}: a function is one or the other.")
    if wrong := options.zips if options.package == "image" else options.images if options.package == "zip" else {}:
        raise DeployError(f"--package {options.package} is not what was built already for {', '.join(wrong)}.")
    for product, uri in options.images.items():
        if not re.fullmatch(r".+@sha256:[0-9a-f]{64}", uri):
            raise DeployError(f"--image-uri of {product} is {uri!r}: it should name an image by digest, @sha256:...")
    options.extra = dict(_assignment(text) for text in options.set)


def _by_product(option: str, values: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        product, sign, rest = value.partition("=")
        if not sign or product not in _PRODUCTS:
            if len(wanted) > 1:
                raise DeployError(f"{option} {value}: which function? Write {option} crack=... or use --only.")
            product, rest = wanted[0], value
        if product not in wanted:
            raise DeployError(f"{option} names {product}, but --only {wanted[0]} leaves it out.")
        found[product] = rest
    return found


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise DeployError(f"--set {text}: write it as NAME=VALUE.")
    return name, value


def _run(options: argparse.Namespace) -> None:
    template = templates.load(options.template)
    if unknown := sorted(set(options.extra) - set(template["Parameters"])):
        raise DeployError(f"--set: the template has no parameter {', '.join(unknown)}.")
    if options.command == "release" and not options.skip_lint:
        templates.lint(options.template)
        say("The template: cfn-lint and sam validate find no fault")
    sent = templates.body(template)
    for region, targets in by_region(options.only, options.region).items():
        with closing(Account(region, options.profile)) as account:
            say(f"Account {account.id}, {region}: {', '.join(target.product for target in targets)}")
            _deploy(account, targets, sent, options)


def _deploy(account: Account, targets: Sequence[Target], template: str, options: argparse.Namespace) -> None:
    stack = Stack(account, options.stack, say)
    stack.check()
    own: dict[str, str] = {product: url for product in _PRODUCTS if (url := getattr(options, f"{product}_url"))}
    # A parameter of a function that is not in this region's stack would be one of a function that is not there.
    others = tuple(target.prefix for target in TARGETS if target not in targets)
    extra = {name: value for name, value in options.extra.items() if not (others and name.startswith(others))}
    plan = Plan(account, stack, targets, template, say, own, extra)
    if options.command == "rollback":
        if options.dry_run:
            raise DeployError("--dry-run shows a release; a rollback only moves an alias.")
        roll_back(plan)
    else:
        code: dict[str, Code] = {
            target.product: _code(account, target, stack.parameters(), options) for target in targets
        }
        release(plan, code, options.release, dry_run=options.dry_run)
    if not options.dry_run:
        for product, url in addresses(plan).items():
            say(f"{product}: {url}")


def _code(account: Account, target: Target, known: Mapping[str, str] | None, options: argparse.Namespace) -> Code:
    """Build what is not built yet, and put it where Lambda takes it from."""
    product = target.product
    if uri := options.images.get(product):
        return Code(image_uri=uri)
    was_image = bool((known or {}).get(f"{target.prefix}ImageUri"))
    if (options.package == "image" or (options.package is None and was_image)) and product not in options.zips:
        nothing_yet = f"{target.repository}@sha256:{'0' * 64}"
        return Code(image_uri=nothing_yet if options.dry_run else push_image(account, target, options.release, say))
    if options.dry_run:
        return Code(bucket="dry-run", key=f"{product}/dry-run.zip")
    if path := options.zips.get(product):
        return Code("", *upload_zip(account, product, Path(path), say))
    with tempfile.TemporaryDirectory(prefix="sightline-deploy-") as scratch:
        say(f"{product}: building the zip")
        try:
            built = build_zip(product, Path(scratch, f"{product}.zip"))
        except PackageError as error:
            raise DeployError(str(error)) from None
        say(f"{product}: {built.unpacked_bytes / 1e6:.0f} MB unpacked")
        return Code("", *upload_zip(account, product, built.path, say))


if __name__ == "__main__":
    sys.exit(main())
