"""The API's routes for people who read: out of the OpenAPI document, without a script from anywhere.

It stands in for FastAPI's own page, which loads its scripts from another host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_METHODS: Final = ("get", "post", "put", "delete", "options")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """Something a request may carry: a part of the address, a header, or a field of its body."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method at an address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    answers: tuple[tuple[str, str, str], ...]
    """Status, description and content types."""


@dataclass(frozen=True, slots=True)
class Group:
    """Operations about one thing."""

    name: str
    operations: tuple[Operation, ...]


def groups_of(document: Document) -> tuple[Group, ...]:
    """All operations of an OpenAPI document, by tag, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                name = operation.get("tags", ["other"])[0]
                found.setdefault(name, []).append(_operation(document, path, method, operation))
    return tuple(Group(name, tuple(operations)) for name, operations in found.items())


def _operation(document: Document, path: str, method: str, said: Document) -> Operation:
    return Operation(
        anchor=f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""),
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        fields=(*map(_parameter, said.get("parameters", ())), *_body(document, said)),
        answers=tuple(
            (status, answer.get("description", ""), ", ".join(answer.get("content", ())))
            for status, answer in said.get("responses", {}).items()
            if status != "default"
        ),
    )


def _parameter(said: Document) -> Field:
    return Field(
        name=said["name"],
        where=said["in"],
        kind=_kind(said.get("schema", {})),
        required=said.get("required", False),
        description=said.get("description", ""),
    )


def _body(document: Document, operation: Document) -> Iterator[Field]:
    for content_type, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(document, content.get("schema", {}))
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            shown = _resolved(document, field)
            yield Field(name, content_type, _kind(shown), name in required, shown.get("description", ""))


def _resolved(document: Document, schema: Document) -> Document:
    """The schema itself, where it is but the name of one."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _kind(schema: Document) -> str:
    """The type in a word or two."""
    if schema.get("format") == "binary":
        return "file"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(part) for part in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("type", ""))
