"""The module that the crack function is configured with: `lambda_handler.handler`."""

from sightline.aws.crack import handler

__all__ = ["handler"]
