"""The answers about faces, as pydantic models: the OpenAPI document and its examples come from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sightline.web.schemas import ModelAnswer

_ID = "5d1b7c9e-2f3a-4c5d-8e6f-7a8b9c0d1e2f"
_SUMMARY = {
    "frames_processed": 1500,
    "psp_suspected": False,
    "psp_rule_reason": "insufficient data: nobody asked for vertical gaze",
    "blink_count": 45,
    "blink_rate_per_min": 18.0,
    "vertical_peak_to_peak": 0.12,
    "vertical_offset_std": 0.04,
    "fps": 30.0,
    "duration_sec_est": 50.0,
    "video_meta": {"width_px": 1280, "height_px": 720},
}
_VIDEO_PATH = f"s3://sightline/users/user_identifier/eye/{_ID}/raw_video.mp4"
_CSV_PATH = f"s3://sightline/users/user_identifier/eye/{_ID}/analysis_results.csv"


def _examples(*examples: dict[str, Any], extra: Literal["allow", "ignore"] = "ignore") -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(examples)}, extra=extra)


class EyeTrackingHealth(BaseModel):
    """Whether faces can be analysed now."""

    status: Literal["healthy", "unhealthy"]
    message: str = Field(description="Where it is not healthy: why.")
    version: str = Field(description="The version of the service.")
    model: ModelAnswer | None = Field(description="The model that faces are looked at with.")
    actions: list[str] = Field(description="What `POST /eye-tracking` can do.")


class SummaryAnswer(BaseModel):
    """A video in figures. There may be more fields than these."""

    model_config = _examples(_SUMMARY, extra="allow")

    frames_processed: int
    psp_suspected: bool = Field(description="False also where the data do not suffice; `psp_rule_reason` says so.")
    psp_rule_reason: str
    blink_count: int
    blink_rate_per_min: float | None
    vertical_peak_to_peak: float | None = Field(description="95th minus 5th percentile of v_offset, in lid openings.")
    vertical_offset_std: float | None
    fps: float | None = Field(description="Mean rate, from the container's timestamps.")
    duration_sec_est: float | None
    video_meta: dict[str, Any]


class PictureAnswer(BaseModel):
    """A picture in figures. There may be more fields than these."""

    model_config = ConfigDict(extra="allow")

    detected: bool
    reason: str | None = Field(default=None, description="Where no face was found.")
    left: dict[str, float | None] | None = None
    right: dict[str, float | None] | None = None
    eye_open: float | None = Field(default=None, description="Lid opening over eye width, mean of both eyes.")
    v_offset: float | None = Field(default=None, description="Iris below (+) or above (-) the line of the eye corners.")
    blink_prob: float | None = None
    landmarks: list[list[float]] | None = Field(default=None, description="478 points: x, y, z in pixels.")


class EyeTrackingAnswer(BaseModel):
    """What an action answers: `result` for a picture; `summary` and the two paths for a video."""

    model_config = _examples(
        {
            "analysis_id": _ID,
            "summary": _SUMMARY,
            "video_path": _VIDEO_PATH,
            "csv_path": _CSV_PATH,
            "status": "success",
        },
        {"analysis_id": _ID, "result": {"detected": False, "reason": "no face was found"}, "status": "success"},
        extra="allow",
    )

    analysis_id: str
    status: Literal["success"]
    result: PictureAnswer | None = None
    summary: SummaryAnswer | None = None
    screening: dict[str, Any] | None = Field(default=None, description="Verdict, evidence and limits, in full.")
    video_path: str | None = None
    csv_path: str | None = None


class UploadAddress(BaseModel):
    """Where and how to send a video."""

    method: Literal["PUT"]
    url: str
    headers: dict[str, str] = Field(description="To be sent with it, all of them.")
    expires_at: str = Field(description="ISO 8601 in UTC.")


class UploadAnswer(BaseModel):
    """What `create_upload` answers."""

    analysis_id: str
    upload: UploadAddress
    s3_key: str = Field(description="Where the video will lie.")
    status: Literal["awaiting_upload"]


class AcceptedAnswer(BaseModel):
    """What `submit` answers, the first time and every other."""

    analysis_id: str
    job_id: str = Field(description="The same as `analysis_id`.")
    state: Literal["queued", "running", "done", "failed"]
    status: Literal["accepted"]


class FinishedAnalysis(EyeTrackingAnswer):
    """What the action would have answered at once, and where its files are."""

    downloads: dict[str, str] | None = Field(
        default=None, description="Addresses of `csv` and `report` of a video, good for 15 minutes."
    )


class StandingAnswer(BaseModel):
    """What `get_status` answers."""

    analysis_id: str
    state: Literal["awaiting_upload", "queued", "running", "done", "failed"]
    progress: Annotated[float, Field(ge=0, le=1)]
    frames_done: int
    frames_total: int = Field(description="0 while that is not known.")
    attempts: int
    result: FinishedAnalysis | None = Field(description="Where it is done.")
    reason: str | None = Field(description="Where it has failed: why.")
    code: str | None = Field(description="Where it has failed: the stable word of the error.")


class DeletedAnswer(BaseModel):
    """What `delete_analysis` answers."""

    analysis_id: str
    status: Literal["deleted"]


class EyeTrackingParameters(BaseModel):
    """How a video is analysed."""

    model_config = ConfigDict(extra="forbid")

    step: int = Field(default=1, ge=1, description="Every how many frames one is looked at.")
    vpp_thresh: float = Field(default=0.06, gt=0, lt=1)
    blink_thresh: float = Field(default=0.18, gt=0, lt=1)
    max_frames: int = Field(default=12_000, ge=1)
    blink_min_frames: int = Field(default=2, ge=1)


class TargetRequest(BaseModel):
    """What the participant was asked to look at, from when until when on the video's clock."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    target: Literal["up", "down", "left", "right", "center"]


class EyeTrackingRequest(BaseModel):
    """The contract's request. Other fields are ignored; other parameters are refused."""

    model_config = _examples(
        {
            "action": "analyze_video",
            "file_data": "BASE64",
            "user_id": "user_identifier",
            "file_name": "video.mp4",
            "parameters": EyeTrackingParameters().model_dump(),
        },
        {
            "action": "process_s3_file",
            "s3_key": f"users/user_identifier/eye/{_ID}/raw_video.mp4",
            "file_name": "video.mp4",
        },
        {"action": "create_upload", "user_id": "user_identifier", "file_name": "video.mp4", "size_bytes": 48_000_000},
        {"action": "submit", "user_id": "user_identifier", "analysis_id": _ID},
    )

    action: Literal[
        "analyze_image",
        "analyze_video",
        "process_s3_file",
        "create_upload",
        "submit",
        "get_status",
        "delete_analysis",
    ]
    file_data: str | None = Field(default=None, description="The file in base64, for the two analyze actions.")
    s3_key: str | None = Field(default=None, description="For process_s3_file and submit: below `users/{user_id}/`.")
    analysis_id: str | None = Field(default=None, description="For submit, get_status and delete_analysis.")
    size_bytes: int | None = Field(default=None, ge=1, description="For create_upload: the length of the video.")
    content_type: str | None = Field(default=None, description="For create_upload; else the file name's ending says.")
    file_name: str | None = Field(default=None, description="Its ending tells a picture from a video.")
    user_id: str | None = None
    parameters: EyeTrackingParameters | None = None
    protocol: list[TargetRequest] | None = None


class VideoAnswer(BaseModel):
    """The file that was analysed."""

    sha256: str
    size_bytes: int


class JobResult(BaseModel):
    """The main part of a finished job's report. There may be more fields than these."""

    model_config = ConfigDict(extra="allow")

    summary: SummaryAnswer
    screening: dict[str, Any] | None = Field(default=None, description="Verdict, evidence and limits, in full.")
    video: VideoAnswer | None = Field(default=None, description="Which bytes were analysed; jobs of old do not say.")


class JobAnswer(BaseModel):
    """How a video's analysis stands."""

    model_config = _examples(
        {
            "job_id": _ID,
            "state": "running",
            "progress": 0.4,
            "frames_done": 600,
            "frames_total": 1500,
            "frames_per_s": 180.0,
            "attempts": 1,
            "created_at": "2026-03-01T12:00:00+00:00",
            "started_at": "2026-03-01T12:00:01+00:00",
            "finished_at": None,
            "expires_at": "2026-03-31T12:00:00+00:00",
            "result": None,
            "links": {"self": f"https://HOST/gaze/jobs/{_ID}"},
            "reason": None,
            "code": None,
        }
    )

    job_id: str = Field(description="Opens the result: keep it as you keep the video.")
    state: Literal["queued", "running", "done", "failed"]
    progress: Annotated[float, Field(ge=0, le=1)]
    frames_done: int
    frames_total: int = Field(description="0 while that is not known.")
    frames_per_s: float | None
    attempts: int = Field(description="How often it was begun; more than once where a worker broke down.")
    created_at: str = Field(description="ISO 8601 in UTC, like the other times.")
    started_at: str | None
    finished_at: str | None
    expires_at: str | None = Field(description="When all of it is deleted by itself; null where that never happens.")
    result: JobResult | None = Field(description="Where it is done.")
    links: dict[str, str] = Field(description="`self`; where it is done also `csv`, `report`, the figures.")
    reason: str | None = Field(description="Where it has failed: why.")
    code: str | None = Field(description="Where it has failed: the stable word of the error.")
