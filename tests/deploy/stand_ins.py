"""Zips that Lambda runs: a crack function without a model, which answers as the real one does, or is ill."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Illness = Literal["none", "everywhere", "at its address"]

_SOURCE = """
import base64, json

RELEASE, ILLNESS = {release!r}, {illness!r}

def handler(event, context):
    http = event.get("requestContext", {{}}).get("http", {{}})
    method, path = event.get("httpMethod") or http["method"], event.get("path") or event["rawPath"]
    if ILLNESS == "everywhere" or (ILLNESS == "at its address" and http):
        return answer(503, {{"status": "unhealthy", "release": RELEASE}})
    if path.startswith("/result/"):
        picture = base64.b64encode(b"\\xff\\xd8 a picture").decode()
        return answer(204) if method == "DELETE" else {{
            "statusCode": 200, "headers": {{"Content-Type": "image/jpeg"}}, "body": picture, "isBase64Encoded": True
        }}
    if path == "/detect-crack":
        assert b"filename=" in base64.b64decode(event["body"])
        return answer(200, {{"has_crack": True, "result_url": "https://anywhere/result/abc"}})
    return answer(200, {{"status": "healthy", "release": RELEASE}})

def answer(status, document=None):
    body = "" if document is None else json.dumps(document)
    return {{"statusCode": status, "headers": {{"Content-Type": "application/json"}}, "body": body}}
"""


def crack_zip(folder: Path, release: str, illness: Illness = "none") -> str:
    """The path of a zip; every release is another one."""
    path = folder / f"{release}.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("lambda_handler.py", _SOURCE.format(release=release, illness=illness))
    return str(path)
