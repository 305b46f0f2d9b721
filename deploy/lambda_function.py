"""The module by the name that the gaze function's deployments know: `lambda_function.lambda_handler`."""

from __future__ import annotations

from sightline.aws.gaze import lambda_handler

__all__ = ["lambda_handler"]
