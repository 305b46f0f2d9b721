"""What never runs in a function, and is therefore left out of it.

A rule is a pattern of paths below the package's root (`*` matches `/` too) with its reason. Licences are never removed
as long as the code that they are about is there. A rule that finds nothing has outlived its library's version.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

from packages.products import Product


class Rule(NamedTuple):
    """Paths that are left out, and why."""

    pattern: str
    reason: str
    keep: tuple[str, ...] = ()


_EVERYWHERE: Final = (
    Rule("bin/*", "commands of libraries: nobody has a shell there"),
    Rule("*.pyi", "types are for checkers"),
    Rule("*.pyx", "sources of compiled modules"),
    Rule("*.pxd", "sources of compiled modules"),
    Rule("*.h", "headers"),
    Rule("*.a", "static libraries"),
    Rule("*/tests/*", "libraries' own tests"),
    Rule("numpy/f2py/*", "a Fortran compiler's front end"),
    Rule("numpy/_core/_*_tests.*", "compiled helpers of NumPy's tests"),
    Rule("numpy/_core/_simd.*", "a compiled helper of NumPy's tests"),
    Rule("numpy/random/_examples/*", "examples"),
    Rule("PIL/_avif.*", "AVIF is not among the formats that `media.formats` reads"),
    Rule("pillow.libs/libavif-*", "AVIF"),
    Rule("PIL/_imagingcms.*", "colour management that nothing asks for"),
    Rule("pillow.libs/liblcms2-*", "colour management"),
    Rule("PIL/_imagingtk.*", "windows on a screen"),
    Rule("*.dist-info/RECORD", "pip's list of files, wrong after this"),
    Rule("*.dist-info/WHEEL", "pip's note"),
    Rule("*.dist-info/INSTALLER", "pip's note"),
    Rule("*.dist-info/REQUESTED", "pip's note"),
    Rule("*.dist-info/top_level.txt", "setuptools' note"),
    Rule("*.dist-info/sboms/*", "lists for scanners, of the whole wheel"),
    Rule("google/*", "protobuf: asked for by the model converters below"),
    Rule("protobuf-*", "protobuf"),
    Rule("flatbuffers*", "asked for by the model converters below"),
    Rule("sightline/cli/*", "the command line"),
    Rule("sightline/__main__.py", "the command line"),
    Rule("sightline/web/pages/*", "pages: the functions answer programs"),
)

_ONLY: Final[dict[Product, tuple[Rule, ...]]] = {
    "crack": (
        Rule("sightline/models/face_landmark*", "the other product's model"),
        Rule(
            "onnxruntime/capi/libonnxruntime.so*",
            "the runtime once more, for programs in C",
        ),
        Rule("onnxruntime/transformers/*", "converts models"),
        Rule("onnxruntime/quantization/*", "converts models"),
        Rule("onnxruntime/tools/*", "converts models"),
        Rule("diplib/*javaio*", "a reader of microscopes' files, in Java"),
        Rule("diplib/*DIPjavaio*", "the same"),
        Rule("diplib/*DIPviewer*", "windows on a screen"),
        Rule("diplib.libs/libglut-*", "windows on a screen"),
        Rule("diplib.libs/libX*", "windows on a screen"),
        Rule("diplib/documentation_urls.py", "makes DIPlib's manual"),
    ),
    "gaze": (
        Rule("sightline/models/crack*", "the other product's model"),
        Rule(
            "botocore/data/*/*",
            "descriptions of AWS's other 400 services",
            keep=("botocore/data/dynamodb/*", "botocore/data/s3/*", "botocore/data/sqs/*"),
        ),
        Rule("botocore/data/*/examples-1.json", "examples"),
        Rule("ai_edge_litert/tools/*", "converts models"),
        Rule("ai_edge_litert/aot/*", "converts models"),
        Rule("ai_edge_litert/schema_py_generated.py", "converts models"),
        Rule("ai_edge_litert/vendors/*", "compilers for accelerators of phones"),
        Rule("ai_edge_litert/libLiteRtWebGpuAccelerator.so", "there is no graphics processor"),
        Rule("ml_dtypes*", "asked for by the model converters above"),
        Rule("tqdm*", "asked for by the model converters above"),
        Rule("backports*", "asked for by the model converters above, for Python 3.10"),
    ),
}


def rules(product: Product) -> tuple[Rule, ...]:
    """What is left out of that product's function."""
    return _EVERYWHERE + _ONLY[product]


def prune(folder: Path, product: Product) -> list[Rule]:
    """Remove from `folder` what the rules say, and folders that are empty then; return the rules that found nothing."""
    idle = set(rules(product))
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        found = {rule for rule in rules(product) if _matches(rule, name)}
        if found or _is_compiled_as_well(file):
            file.unlink()
        idle -= found
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    return sorted(idle)


def _matches(rule: Rule, name: str) -> bool:
    return fnmatchcase(name, rule.pattern) and not any(fnmatchcase(name, kept) for kept in rule.keep)


def _is_compiled_as_well(file: Path) -> bool:
    """Whether a Python file is but the source of the extension module beside it, which is the one that is loaded."""
    return file.suffix == ".py" and any(file.parent.glob(f"{file.stem}.*.so"))
