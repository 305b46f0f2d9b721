"""What the two functions cost on AWS, from measured GB-seconds: per photo, per minute of video, per month.

    python bench/lambda_costs.py FIGURES.json [--region REGION]

FIGURES.json is what `bench/lambda.py --out` wrote. Prices are AWS's list prices (`bench/lambda_prices.py`). What a
request takes beside compute was counted in ministack's log; sizes of files and the usage of a month are assumptions.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lambda_bill import Use, bill, gb_seconds, lambda_dollars
from lambda_prices import AS_OF, N_CALIFORNIA, REGIONS, SEOUL, Prices
from rich.console import Console
from rich.table import Table

COLD_SHARE: Final = 0.1
"""How many requests meet a cold start. AWS speaks of less than 1 % in production; a small service sees more."""

ACTIVE_SHARE: Final = 0.4
"""In how many hours of a month somebody asks: custom metrics are paid for by the hour in which they are sent."""

KEPT_MONTHS: Final = 1
"""How long files are kept. Unless told otherwise the template keeps them for good: a year's cost twelve times this."""

CLIPS_PER_MINUTE: Final = 6
"""The measured clip is ten seconds long; a minute costs no more than six of them."""

FETCH_S: Final = 0.1
"""A warm answer that only fetches something (a result's picture, a job's state), at any memory size; measured less."""

POLLS: Final = 30
"""How often a client asks for the state of its job: every two seconds for a minute."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is priced; the first function of the figures, which is ours with S3.

    Attributes:
        name: as in the figures.
        units: what is counted, for people.
        prices: of the guide's region.
        beside: what a request takes beside the compute that was measured; `invocations` are those of `FETCH_S`.
        requests: how many measured requests make a unit.
        cold: the first answer of a cold start that belongs to it.
        metrics: custom metrics of an hour with traffic beyond those that the benchmark saw.
        alarms: that the template makes.
        memory_mb: the sizes that the month is told for: the guide's own first.
        months: requests of the months that are told.
        guide: what the guide says that a month costs.
    """

    name: str
    units: str
    prices: Prices
    beside: Use
    requests: int
    cold: str
    metrics: int
    alarms: int
    memory_mb: tuple[int, ...]
    months: tuple[int, ...]
    guide: str


CRACK: Final = Product(
    name="crack",
    units="photos of 2 MP",
    prices=SEOUL,
    beside=Use(
        invocations=1,  # the client fetches the annotated picture
        s3_puts=4,  # picture, mask, report, record
        s3_gets=2,  # record, picture
        s3_gb_months=0.0006 * KEPT_MONTHS,
        log_gb=1e-6,
        egress_gb=0.00055,  # picture and answer
    ),
    requests=1,
    cold="photo",
    metrics=8,  # of /health and /result
    alarms=3,
    memory_mb=(3008, 1769, 1024),
    months=(1_000, 10_000, 60_000),
    guide="$0-6",
)
GAZE: Final = Product(
    name="gaze",
    units="minutes of video, each a job",
    prices=N_CALIFORNIA,
    beside=Use(
        invocations=2 + POLLS,  # create_upload, submit
        api_calls=2 + POLLS,
        s3_puts=4,  # the video by the client, table, report, figure
        s3_gets=10,  # the video is read in ranges
        s3_gb_months=0.06 * KEPT_MONTHS,  # 8 Mbit/s, which phones take for 720p
        sqs_requests=6,  # sent, received, kept invisible, deleted
        write_units=40,  # the job's states and progress, the analysis
        read_units=2 * POLLS,
        log_gb=1e-6 * (2 + POLLS),
        egress_gb=0.0003,  # table and report
    ),
    requests=CLIPS_PER_MINUTE,
    cold="clip",
    metrics=16,  # of create_upload, submit, get_status and health
    alarms=5,
    memory_mb=(1024, 1769, 3008),
    months=(1_000, 10_000, 30_000),
    guide="$26-85",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--region", choices=REGIONS, help="instead of the guides' regions")
    arguments = parser.parse_args()
    figures = json.loads(arguments.figures.read_text())
    console = Console(width=130)
    for product in (CRACK, GAZE):
        if product.name in figures:
            if arguments.region:
                product = replace(product, prices=REGIONS[arguments.region])
            console.print(per_unit(product, figures[product.name]))
            console.print(per_month(product, figures[product.name]))
    console.print(
        f"List prices as of {AS_OF}, US dollars, no taxes. {COLD_SHARE:.0%} of requests start cold, "
        f"{ACTIVE_SHARE:.0%} of hours have traffic, files are kept for {KEPT_MONTHS} month, a job's state is asked "
        f"{POLLS} times, a minute of video is 60 MB. The guides do not say what usage their figures are for."
    )


def per_unit(product: Product, by_size: Mapping[str, Any]) -> Table:
    """What 1,000 cost with each memory size: compute of every function that was measured, all services of ours."""
    names = list(next(iter(by_size.values())))
    table = Table("$ per 1,000", *names, title=f"{product.name}: {product.units}, {product.prices.region}")
    for size, found in by_size.items():
        uses = [unit_use(product, int(size), found[name]) for name in names]
        alone = [lambda_dollars(product.prices, use.gb_s, use.invocations) for use in uses]
        table.add_row(f"{size} MB: Lambda", *(f"{1000 * dollars:.3f}" for dollars in alone))
        table.add_row(f"{size} MB: all services", f"{1000 * total(product.prices, uses[0]):.3f}")
    return table


def per_month(product: Product, by_size: Mapping[str, Any]) -> Table:
    """What months of different usage cost: by service, and in all, before and after what is always free."""
    table = Table(
        "$ a month",
        *(f"{count:,}" for count in product.months),
        title=f"{product.name}: {product.units}, {product.prices.region}",
    )
    sizes = [size for size in product.memory_mb if str(size) in by_size]
    for size in sizes:
        figures = next(iter(by_size[str(size)].values()))
        months = [month_use(product, size, figures, count) for count in product.months]
        bills = [bill(product.prices, use) for use in months]
        table.add_section()
        for service in bills[0]:
            if any(each[service] >= 0.005 for each in bills):
                table.add_row(f"{size} MB: {service}", *(f"{each[service]:.2f}" for each in bills))
        table.add_row(f"{size} MB: together", *(f"{sum(each.values()):.2f}" for each in bills))
        free = [total(product.prices, use.after_allowance()) for use in months]
        table.add_row(f"{size} MB: after what is free", *(f"{dollars:.2f}" for dollars in free))
    table.add_section()
    table.add_row(f"the guide's figure: {product.guide}")
    return table


def unit_use(product: Product, memory_mb: int, figures: Mapping[str, Any]) -> Use:
    """What one photo, or one minute of video, uses: the measured requests and what belongs to them."""
    warm_s = middle(figures["warm_s"])
    cold_s = middle(figures["cold_s"].get(product.cold, []))
    warm, cold = (gb_seconds(memory_mb, seconds) for seconds in (warm_s * product.requests, cold_s - warm_s))
    fetched = gb_seconds(memory_mb, FETCH_S) * product.beside.invocations
    measured = Use(
        gb_s=warm + COLD_SHARE * max(0.0, cold) + fetched,
        invocations=1,
        log_gb=figures["log_bytes"] / 1e9,
    )
    return measured.plus(product.beside)


def month_use(product: Product, memory_mb: int, figures: Mapping[str, Any], count: int) -> Use:
    """What a month uses, with what is there however little is asked."""
    standing = Use(metrics=ACTIVE_SHARE * (figures["metrics"] + product.metrics), alarms=product.alarms)
    return unit_use(product, memory_mb, figures).times(count).plus(standing)


def total(prices: Prices, use: Use) -> float:
    return sum(bill(prices, use).values())


def middle(values: Sequence[float]) -> float:
    """The median; 0 of nothing, where a function failed."""
    return statistics.median(values) if values else 0.0


if __name__ == "__main__":
    main()
