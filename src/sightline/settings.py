"""What the environment may set: variables by the names existing deployments use, and our own `SIGHTLINE_*`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sightline.errors import BadInputError
from sightline.media.limits import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_VIDEO_BYTES,
    MAX_VIDEO_DURATION_S,
    MAX_VIDEO_PIXELS,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _split_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _base_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("should be a URL that starts with http:// or https://")
    return value.rstrip("/")


def _bucket_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValueError("should be a bucket's name: 3 to 63 small letters, digits, dots and hyphens")
    return value


class Settings(BaseSettings):
    """Everything a deployment can choose. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix="SIGHTLINE_",
        env_ignore_empty=True,
        populate_by_name=True,
        frozen=True,
        # `model_path` is ours to name; pydantic would keep the prefix `model_` for itself.
        protected_namespaces=(),
    )

    model_path: str | None = Field(default=None, validation_alias="MODEL_PATH")
    """A model file to run instead of the packaged one: `best.onnx`, or `best.pt` with the extra `yolo`."""

    save_dir: Path | None = Field(default=None, validation_alias="SAVE_DIR")
    """Where results lie, by the name existing deployments use; goes before `data_dir`."""

    data_dir: Path = Path("sightline-data")
    """Where results lie when `SAVE_DIR` is unset."""

    max_upload_bytes: int = Field(default=MAX_BYTES, ge=1)
    """The largest photo that is accepted, in bytes of its file."""

    max_pixels: int = Field(default=MAX_PIXELS, ge=1)
    """The largest photo that is decoded, in pixels (width times height)."""

    workers: int = Field(default=1, ge=1)
    """How many photos are analysed at the same time; each analysis uses all cores already."""

    queue_limit: int = Field(default=16, ge=0)
    """How many photos may wait for a worker before the service answers that it is busy."""

    s3_bucket: Annotated[str, AfterValidator(_bucket_name)] = Field(default="sightline", validation_alias="S3_BUCKET")
    """The bucket that `s3://` addresses in answers name; to be set beside `dynamodb_table`. On this machine it is a
    name only: the object `KEY` is the file `files/KEY` of the data folder."""

    result_bucket: Annotated[str, AfterValidator(_bucket_name)] | None = Field(
        default=None, validation_alias="RESULT_BUCKET"
    )
    """The S3 bucket that results of photos are kept in, for every instance to find; goes before `save_dir`."""

    dynamodb_table: str | None = Field(default=None, validation_alias="DYNAMODB_TABLE")
    """The table for records and jobs of videos. Where it is set, their files lie in the S3 bucket `s3_bucket`."""

    job_queue_url: Annotated[str, AfterValidator(_base_url)] | None = None
    """The SQS queue that announces jobs; needed beside `dynamodb_table` for jobs."""

    dead_letter_queue_url: Annotated[str, AfterValidator(_base_url)] | None = None
    """The SQS queue that takes what failed for good, with its reason."""

    upload_expires_s: int = Field(default=900, ge=60, le=43_200)
    """How long the address of an upload is good for; a phone sends 100 MB over a slow network in ten minutes. Twelve
    hours are the most that a function's credentials last."""

    retention_days: int | None = Field(default=None, ge=1, le=36_500)  # a century: calendars end
    """After how many days a video is gone with all that was made of it; None keeps it. On a disk this service deletes
    it; beside `dynamodb_table` the table forgets records and jobs, and files are the bucket's to expire."""

    signing_key: SecretStr | None = None
    """The Ed25519 key that reports are signed with, as PEM text or a file's path. Without it the data folder keeps one
    of its own, made at first use; where results lie in a bucket, reports stay unsigned and say so."""

    max_video_bytes: int = Field(default=MAX_VIDEO_BYTES, ge=1)
    """The largest video that is accepted as an upload; ten minutes of 1080p at 60 frames a second are 1.5 GB."""

    max_video_pixels: int = Field(default=MAX_VIDEO_PIXELS, ge=1)
    """The largest video that is decoded, in pixels of a frame: 4K. A decoder keeps up to 16 frames of 12 MB then."""

    max_video_duration_s: float = Field(default=MAX_VIDEO_DURATION_S, gt=0)
    """The longest video that is analysed; an examination of eye movements takes minutes."""

    job_workers: int = Field(default=1, ge=0)
    """How many videos are analysed at the same time, each on all cores; 0 leaves them to another process on the same
    data folder."""

    job_queue_limit: int = Field(default=100, ge=1)
    """How many uploaded videos may wait on the disk for a worker before the service answers that it is busy."""

    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = ("*",)
    """Origins a browser may call from, separated by commas; `*` is any."""

    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"

    public_url: Annotated[str, AfterValidator(_base_url)] | None = None
    """The address clients reach the service by; None derives it from each request."""

    @property
    def results_dir(self) -> Path:
        """The folder that results and records are kept in."""
        return self.save_dir or self.data_dir


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once; `get_settings.cache_clear()` makes it read them again.

    Raises:
        BadInputError: A variable has an invalid value; the message names each one, its value and its limit.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise BadInputError("; ".join(map(_explain, error.errors()))) from None


def _explain(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0])
    variable = name if name.isupper() else f"SIGHTLINE_{name.upper()}"
    reason = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{variable} is {fault['input']!r}: {reason}"
