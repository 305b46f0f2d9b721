"""What routes say of themselves in the OpenAPI document, and the headers that results share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sightline.web.schemas import ErrorAnswer

RESULT_HEADERS = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
"""A result never changes, but it can be deleted, and it shows somebody's home or eyes: no shared cache may keep it."""


def errors_described(descriptions: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """The errors of a route."""
    return {status: {"model": ErrorAnswer, "description": text} for status, text in descriptions.items()}


def file_described(content_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that hands out a stored file."""
    schema = {} if content_type == "application/json" else {"type": "string", "format": "binary"}
    found = {"description": description, "content": {content_type: {"schema": schema}}}
    return {200: found} | errors_described({404: "There is no such result."})


def json_body_described(model: type[BaseModel]) -> dict[str, Any]:
    """A JSON body that the route reads by itself, with the schemas of its parts in their places."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def resolved(value: Any) -> Any:
        if isinstance(value, list):
            return [resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return resolved(parts[value["$ref"].rpartition("/")[2]])
        return {key: resolved(item) for key, item in value.items()}

    return {"requestBody": {"required": True, "content": {"application/json": {"schema": resolved(schema)}}}}
