"""DynamoDB's expressions, with placeholders for every name: most plain words are reserved there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from sightline.cloud.attributes import to_attributes


def update(
    changes: Mapping[str, Any],
    *,
    condition: str,
    values: Mapping[str, Any],
    remove: Collection[str] = (),
    add: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Arguments of a conditional `update_item`.

    Args:
        changes: attributes that get a value.
        condition: with `#name` for an attribute and `:name` for one of `values`.
        values: what the condition compares with.
        remove: attributes that go.
        add: attributes that grow by a number.
    """
    clauses = {
        "SET": [f"#{name} = :new_{name}" for name in changes],
        "REMOVE": [f"#{name}" for name in remove],
        "ADD": [f"#{name} :by_{name}" for name in add or ()],
    }
    expression = " ".join(f"{word} {', '.join(parts)}" for word, parts in clauses.items() if parts)
    values = (
        {f":{name}": value for name, value in values.items()}
        | {f":new_{name}": value for name, value in changes.items()}
        | {f":by_{name}": value for name, value in (add or {}).items()}
    )
    return {
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in re.findall(r"#(\w+)", expression + condition)},
        "ExpressionAttributeValues": to_attributes(values),
    }
