"""What the guides to AWS say is true: options, parameters and settings exist, and both languages say the same."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from releases import template

import deploy
from sightline.settings import Settings
from tests.docs.guides import (
    DOCS,
    PAGES,
    PAIRS,
    ROOT,
    blocks_of,
    commands_of,
    levels_of,
    prose_of,
    section_of,
    spans_of,
    text_of,
)

_LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


@cache
def _template() -> dict[str, Any]:
    return template.load()


@pytest.mark.parametrize("page", PAGES)
def test_every_call_of_the_deploy_command_is_one_that_it_takes(page: str) -> None:
    parser = deploy._parser()
    parameters = _template()["Parameters"]
    for arguments in commands_of(text_of(page), "scripts/deploy"):
        options = parser.parse_args(arguments)  # SystemExit where it does not know one
        for assignment in options.set:
            name, _, value = assignment.partition("=")
            assert name in parameters, assignment
            allowed = parameters[name].get("AllowedValues")
            assert allowed is None or value in map(str, allowed), assignment


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_is_named_exists(page: str) -> None:
    known = set(deploy._parser()._option_string_actions)
    for span in spans_of(text_of(page)):
        if span.startswith("--"):
            assert span.split()[0] in known, span
        for name in set(re.findall(r"--set (\w+)=", span)) - {"NAME"}:
            assert name in _template()["Parameters"], span


@pytest.mark.parametrize("page", PAGES)
def test_every_name_of_the_template_and_of_the_settings_exists(page: str) -> None:
    loaded = _template()
    known = set(loaded["Parameters"]) | set(loaded["Resources"]) | set(loaded["Outputs"])
    variables = {f"SIGHTLINE_{name.upper()}" for name in Settings.model_fields}
    text = text_of(page)
    for name in re.findall(r"\b(?:Crack|Gaze)[A-Z]\w+|\b(?:CorsOrigins|AlarmEmail|LogRetentionDays)\b", prose_of(text)):
        assert name in known, name
    for name in re.findall(r"OutputKey=='(\w+)'", text):
        assert name in loaded["Outputs"], name
    for name in re.findall(r"\bSIGHTLINE_[A-Z_]+\b", text):
        assert name in variables, name


def test_the_page_for_both_names_every_parameter_that_people_set() -> None:
    set_by_command = re.compile(r"Deploy|.*(ImageUri|CodeBucket|CodeKey|Release|Live|Previous)$")
    wanted = {name for name in _template()["Parameters"] if not set_by_command.match(name)}
    missing = {name for name in wanted if name not in text_of("aws.md")}
    assert missing == set()


@pytest.mark.parametrize(("english", "korean"), PAIRS)
def test_both_languages_have_the_same_sections_and_the_same_code(english: str, korean: str) -> None:
    assert levels_of(text_of(korean)) == levels_of(text_of(english))
    assert blocks_of(text_of(korean)) == blocks_of(text_of(english))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shown_as_json_is_json(page: str) -> None:
    for block in blocks_of(text_of(page), "json"):
        json.loads(block.code)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, anchor in _LINK.findall(prose_of(text_of(page))):
        if target.startswith("https://"):
            continue
        file = (DOCS / target).resolve() if target else DOCS / page
        assert file.exists(), target
        if anchor:
            assert unquote(anchor[1:]) in _anchors(file.read_text(encoding="utf-8")), (target, anchor)


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", prose_of(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_pipelines_policy_goes_by_the_templates_names() -> None:
    policy = (ROOT / "deploy" / "github-policy.json").read_text()
    parameters = _template()["Parameters"]
    json.loads(policy)
    for name in ("CrackFunctionName", "CrackRoleName", "GazeFunctionName", "GazeTableName"):
        assert parameters[name]["Default"] in policy, name
    assert all(line.count("ACCOUNT") <= 1 for line in policy.splitlines())  # the guide's `sed` replaces one in a line


_OF_AWS = ("Forbidden", "SignatureDoesNotMatch", "Request has expired")
"""In messages that AWS writes by itself."""


@pytest.mark.parametrize("page", ["aws-crack.md", "aws-gaze.md"])
def test_messages_that_are_explained_are_messages_of_ours(page: str) -> None:
    rows = re.findall(r"^\| (.*?) \|", section_of(text_of(page), "Troubleshooting"), re.MULTILINE)
    for message in (span for row in rows for span in spans_of(row)):
        words = message.split()
        if len(words) > _RUN and not any(words_of_aws in message for words_of_aws in _OF_AWS):
            runs = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
            assert any(run in _sources() for run in runs), message


_RUN = 3  # words in a row: names and numbers stand between them where the code fills them in


@cache
def _sources() -> str:
    """All that the code and the template could say, with strings in one piece that stand on several lines."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "deploy").rglob("*.py"), template.TEMPLATE]
    joined = re.sub(r'"\s*\n\s*f?"', "", "\n".join(file.read_text(encoding="utf-8") for file in files))
    return " ".join(joined.split())
