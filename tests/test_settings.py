"""Settings come from the environment, by the names that deployments use."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.errors import BadInputError
from sightline.media.limits import MAX_VIDEO_BYTES, MAX_VIDEO_DURATION_S, MAX_VIDEO_PIXELS
from sightline.settings import Settings, get_settings


def test_defaults() -> None:
    settings = get_settings()
    assert settings.model_path is None
    assert settings.results_dir == Path("sightline-data")
    assert settings.max_upload_bytes == 50_000_000
    assert settings.max_pixels == 100_000_000
    assert settings.cors_origins == ("*",)
    assert settings.public_url is None
    assert settings.s3_bucket == "sightline"
    assert settings.max_video_bytes == 2_000_000_000
    assert (settings.job_workers, settings.job_queue_limit) == (1, 100)


def test_existing_names_and_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_PATH", "best.onnx")
    monkeypatch.setenv("SIGHTLINE_DATA_DIR", "kept")
    monkeypatch.setenv("SIGHTLINE_MAX_PIXELS", "12000000")
    monkeypatch.setenv("SIGHTLINE_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("S3_BUCKET", "seoul-ht-09")
    monkeypatch.setenv("SIGHTLINE_JOB_WORKERS", "0")
    settings = get_settings()
    assert (settings.s3_bucket, settings.job_workers) == ("seoul-ht-09", 0)
    assert settings.model_path == "best.onnx"
    assert settings.results_dir == Path("kept")
    assert settings.max_pixels == 12_000_000
    assert settings.log_level == "warning"


def test_save_dir_goes_before_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAVE_DIR", "/tmp/result")
    monkeypatch.setenv("SIGHTLINE_DATA_DIR", "kept")
    assert get_settings().results_dir == Path("/tmp/result")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_PATH", "")
    monkeypatch.setenv("SAVE_DIR", "")
    settings = get_settings()
    assert (settings.model_path, settings.save_dir) == (None, None)


def test_origins_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_CORS_ORIGINS", "https://a.example, https://b.example,")
    assert get_settings().cors_origins == ("https://a.example", "https://b.example")


def test_a_public_url_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_PUBLIC_URL", "https://ai.example/")
    assert get_settings().public_url == "https://ai.example"


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("SIGHTLINE_WORKERS", "0", "greater than or equal to 1"),
        ("SIGHTLINE_QUEUE_LIMIT", "-1", "greater than or equal to 0"),
        ("SIGHTLINE_JOB_WORKERS", "-1", "greater than or equal to 0"),
        ("SIGHTLINE_MAX_VIDEO_BYTES", "0", "greater than or equal to 1"),
        ("SIGHTLINE_MAX_VIDEO_DURATION_S", "0", "greater than 0"),
        ("S3_BUCKET", "Seoul_HT", "3 to 63 small letters"),
        ("SIGHTLINE_MAX_PIXELS", "many", "valid integer"),
        ("SIGHTLINE_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("SIGHTLINE_PUBLIC_URL", "ai.example", "http:// or https://"),
    ],
)
def test_an_invalid_value_names_variable_value_and_limit(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, limit: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInputError) as caught:
        get_settings()
    assert caught.value.message.startswith(f"{name} is {value!r}: ")
    assert limit in caught.value.message


def test_every_invalid_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_WORKERS", "0")
    monkeypatch.setenv("SIGHTLINE_LOG_LEVEL", "loud")
    with pytest.raises(BadInputError, match=r"SIGHTLINE_WORKERS .*; SIGHTLINE_LOG_LEVEL "):
        get_settings()


def test_videos_have_the_limits_of_their_decoder() -> None:
    settings = get_settings()
    assert settings.max_video_bytes == MAX_VIDEO_BYTES
    assert settings.max_video_pixels == MAX_VIDEO_PIXELS
    assert settings.max_video_duration_s == MAX_VIDEO_DURATION_S


def test_settings_can_be_given_in_code(tmp_path: Path) -> None:
    assert Settings(model_path="a.onnx", data_dir=tmp_path).model_path == "a.onnx"
