"""What the page of a result says, in its language: the words of the report for people, arranged for a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sightline.documents.language import Language, Wording
from sightline.gaze.document.labels import DOMAINS, finding, reliability, sentence, target, value, verdict
from sightline.jobs.queue import Job
from sightline.service.video_jobs import links_of

_BADGES: Final = {"plain": "", "info": "info", "good": "good", "warning": "warn", "serious": "bad"}
"""The style of each tone of a document (`documents.blocks.Tone`)."""


def result_view(job: Job, report: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The values of the template `eyes/result.html`.

    Args:
        job: a job that is done.
        report: `GazeReport.to_dict()`, as it is stored.
        language: of the page.
    """
    say = Wording(language)
    summary, screening = report["summary"], report["screening"]
    headline, tone = verdict(screening["verdict"], say)
    meta, quality = summary["video_meta"], report.get("quality", ())
    known = {note["message"] for note in quality}  # told beside the recording; the limitations name them again
    return {
        "received": say.day(job.created_at),
        "headline": headline,
        "tone": _BADGES[tone],
        "reason": sentence(screening["psp_rule_reason"], say),
        "figures": summary,
        "codec": meta.get("codec") or "",
        "size": (meta.get("width_px") or 640, meta.get("height_px") or 480),
        "domains": list(_domains(screening["evidence"], say)),
        "responses": [_response(item, say) for item in screening["responses"]],
        "reached": sum(item["reached"] is True for item in screening["responses"]),
        "limits": [
            sentence(text, say)
            for text in (*screening["limitations"], *report.get("warnings", ()))
            if text not in known
        ],
        "quality": [sentence(note["message"], say) for note in quality],
        "references": list(_references(screening["evidence"], say)),
        "model": report["model"],
        "files": links_of(job),
    }


def expiry_day(job: Job, language: Language) -> str | None:
    """The day in UTC on which a video is deleted by itself; None where it is kept until somebody deletes it."""
    return None if job.expires_at is None else Wording(language).day(job.expires_at)


def _domains(evidence: list[Mapping[str, Any]], say: Wording) -> Iterator[dict[str, Any]]:
    for domain, names in DOMAINS.items():
        rows = [_evidence(item, say) for item in evidence if item["domain"] == domain]
        if rows:
            yield {"id": domain.lower(), "title": say(*names), "rows": rows}


def _evidence(item: Mapping[str, Any], say: Wording) -> dict[str, Any]:
    found, trusted = finding(item["finding"], say), reliability(item["reliability"], say)
    return {
        "name": sentence(item["name"], say),
        "value": value(item, say),
        "finding": found.text,
        "finding_tone": _BADGES[found.tone],
        "reliability": trusted.text,
        "reliability_tone": _BADGES[trusted.tone],
        "why": sentence(item["why"], say),
    }


def _response(item: Mapping[str, Any], say: Wording) -> dict[str, Any]:
    return {
        "target": target(item["target"], say),
        "start_s": item["start_s"],
        "end_s": item["end_s"],
        "reached": item["reached"],
        "amplitude": _number(item["amplitude_deg"], "{:z.1f}°"),
        "latency": _number(item["latency_s"], say("{:.2f} s", "{:.2f}초")),
        "head": _number(item["head_deg"], "{:z.0f}°"),
        "usable": say.percent(item["usable_share"]),
        "note": sentence(item["latency_note"], say),
    }


def _references(evidence: list[Mapping[str, Any]], say: Wording) -> Iterator[dict[str, str]]:
    """What is known of each measure, and from where; measures with the same reference share a row."""
    known: dict[tuple[str, str], list[str]] = {}
    for item in evidence:
        known.setdefault((item["reference"], item["source"]), []).append(sentence(item["name"], say))
    for (text, source), names in known.items():
        yield {"names": ", ".join(names), "text": sentence(text, say), "source": source}


def _number(measured: float | None, form: str) -> str:
    return "–" if measured is None else form.format(measured)
