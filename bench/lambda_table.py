"""The tables of `bench/lambda.py`."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Final

import goals
from lambda_bill import gb_seconds, lambda_dollars
from lambda_costs import CLIPS_PER_MINUTE
from lambda_functions import FIRST
from lambda_measure import Figures
from lambda_packages import Package, Product
from lambda_prices import N_VIRGINIA
from rich.table import Table

AIM_MB: Final = 1769
COLD_AIM: Final = goals.Goal(most=1.2)
WARM_AIM: Final = goals.Goal(most=0.25)
SMALL_MB: Final = 1024
SMALL_AIM: Final = goals.Goal(words="answers")
"""The crack guide asks for 3008 MB."""

ZIP_AIM: Final = goals.Goal(most=250)
PRICES: Final = N_VIRGINIA  # Lambda's prices are the same in all three regions


def figures(product: Product, by_size: Mapping[int, Mapping[str, Figures]], *, boxed: bool) -> Table:
    """All rows of a product; the first column of figures is the one that the aims are for."""
    names = list(next(iter(by_size.values())))
    title = f"{product}: cold starts as median (least-most), warm answers as median / p95"
    drawn = Table(f"{product}", *names, *goals.HEADERS, title=title)
    for memory_mb, found in by_size.items():
        drawn.add_section()
        heading = f"{memory_mb} MB" if boxed else f"whole machine (told {memory_mb} MB)"
        for label, cells, aim in rows(product, memory_mb, list(found.values())):
            drawn.add_row(f"{heading}: {label}", *cells, *aim)
        for name, column in found.items():
            if column.failure:
                drawn.add_row(f"{heading}: {name} failed", column.failure[:300])
    return drawn


def rows(product: Product, memory_mb: int, columns: Sequence[Figures]) -> list[tuple[str, list[str], tuple[str, str]]]:
    """Label, a cell for each column, and the aim's two."""
    ours = columns[0]
    written = []
    for word in dict.fromkeys(word for each in columns for word in each.cold_s):
        cells = [spread(each.cold_s.get(word, [])) for each in columns]
        aim = COLD_AIM.cells(middle(ours.cold_s.get(word, []))) if aimed(product, word, memory_mb) else goals.NO_GOAL
        written.append((f"cold start to {word}, s", cells, aim))
    warm = "clip" if product == "gaze" else FIRST["crack"]
    aim = WARM_AIM.cells(middle(ours.warm_s)) if (product, memory_mb) == ("crack", AIM_MB) else goals.NO_GOAL
    written.append((f"warm {warm}, s", [tail(each.warm_s) for each in columns], aim))
    works = not ours.failure and bool(ours.warm_s)
    aim = (str(SMALL_AIM), goals.yes_or_no(works)) if (product, memory_mb) == ("crack", SMALL_MB) else goals.NO_GOAL
    written.append(("peak memory, MB", [f"{each.peak_mb:.0f}" for each in columns], aim))
    return written + [(label, cells, goals.NO_GOAL) for label, cells in costs(product, memory_mb, columns)]


def aimed(product: Product, word: str, memory_mb: int) -> bool:
    return memory_mb == AIM_MB and word == FIRST[product]


def costs(product: Product, memory_mb: int, columns: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """What Lambda bills, at list price and without what is free."""
    cold = "clip" if product == "gaze" else FIRST["crack"]
    billed = [
        {kind: gb_seconds(memory_mb, seconds) for kind, seconds in times.items() if seconds is not None}
        for each in columns
        for times in [{"warm": middle(each.warm_s), "cold": middle(each.cold_s.get(cold, []))}]
    ]
    lines = [
        ("GB-seconds a request, warm / cold", [both(each, 1, 2) for each in billed]),
        (
            "Lambda, $ per 1,000 requests, warm / cold",
            [both({kind: 1000 * lambda_dollars(PRICES, used) for kind, used in each.items()}, 1, 3) for each in billed],
        ),
    ]
    if product == "gaze":
        per_minute = [
            CLIPS_PER_MINUTE * lambda_dollars(PRICES, each["warm"]) if "warm" in each else None for each in billed
        ]
        lines.append(("Lambda, $ per minute of video", ["-" if each is None else f"{each:.5f}" for each in per_minute]))
    return lines


def both(values: Mapping[str, float], scale: float, digits: int) -> str:
    return " / ".join(f"{scale * values[kind]:.{digits}f}" if kind in values else "-" for kind in ("warm", "cold"))


def sizes(product: Product, package: Package, guides_mb: float | None) -> Table:
    """What the packages weigh."""
    drawn = Table("package, MB", "Sightline", "the guide's", *goals.HEADERS, title=f"{product}: size")
    drawn.add_row("zip", "-" if package.zip_mb is None else f"{package.zip_mb:.0f}", "-", *goals.NO_GOAL)
    guides = "-" if guides_mb is None else f"{guides_mb:.0f} (installed)"
    note = " (installed)" * (package.zip_mb is None)
    drawn.add_row("unpacked", f"{package.unpacked_mb:.0f}{note}", guides, *ZIP_AIM.cells(package.unpacked_mb))
    return drawn


def middle(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})" if values else "-"


def tail(values: Sequence[float]) -> str:
    if len(values) < 2:
        return f"{values[0]:.3f}" if values else "-"
    return f"{statistics.median(values):.3f} / {statistics.quantiles(values, n=20, method='inclusive')[-1]:.3f}"
