"""How well two photos of a wall are compared: pairs made from the data's photos, judged against what was done to them.

    python bench/compare.py --data DIR [--split train] [--pairs 300] [--jobs 2] [--failures FILE]

DIR holds `train` and `test`. Tune on `train`; `test` is measured with everything frozen. How pairs are made, and which
changes count as resolvable, is told in `wall_pairs.py` and `pair_truth.py`. The times are of two
photos of 12 megapixels on whatever cores this machine gives.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import get_args

import compare_table
import compare_times
from compare_score import Outcome, score
from goals import HEADERS, NO_GOAL, Goal
from pair_photos import Split
from rich.console import Console
from rich.progress import track
from rich.table import Table
from wall_pairs import KINDS, Kind, make_pair

SHARES: dict[Kind, float] = {
    "unchanged": 1,
    "new": 1,
    "longer": 1,
    "wider": 0.5,
    "healed": 0.5,
    "other_wall": 1.5,
    "other_room": 0.5,
    "unseen": 0.5,
}
"""Pairs of each kind for each of `--pairs`: what a goal is set for is measured on more."""


def examine(asked: tuple[Kind, int], *, split: Split, data: Path) -> Outcome:
    """Make one pair, compare its photos and judge the answer."""
    from sightline.crack.compare.comparison import compare_photos

    kind, seed = asked
    pair = make_pair(kind, seed, split=split, data=data)
    return score(pair, compare_photos(pair.before, pair.after))


def outcomes(split: Split, data: Path, pairs: int, jobs: int) -> Iterator[Outcome]:
    asked = [(kind, seed) for kind in KINDS for seed in range(round(SHARES[kind] * pairs))]
    work = partial(examine, split=split, data=data)
    os.environ["OMP_NUM_THREADS"] = "1"  # the processes share the cores between them
    with ProcessPoolExecutor(jobs) as pool:
        yield from track(pool.map(work, asked), "comparing", len(asked), console=Console(stderr=True))


def failures(found: list[Outcome]) -> Iterator[str]:
    """A line for each pair that was not told rightly, so that it can be made again and looked at."""
    for outcome in found:
        wrong = [claim.told for claim in outcome.claims if claim.right is False]
        missed = [told for told, hit in outcome.found if not hit]
        accepted = outcome.kind.startswith("other") and outcome.refusal is None
        if wrong or missed or accepted or (outcome.error_px or 0) > 3:
            told = [claim.told for claim in outcome.claims]
            said = f"refusal={outcome.refusal} error={outcome.error_px} told={told} wrong={wrong} missed={missed}"
            yield f"{outcome.kind} {outcome.seed} overlap={outcome.overlap:.2f} {said} {outcome.facts}"


def time_rows(split: Split, data: Path, repeats: int) -> Iterator[compare_table.Row]:
    pairs = [make_pair("new", seed, split=split, data=data) for seed in (0, 3)]
    for part, seconds in compare_times.measure(pairs, repeats).items():
        goal = Goal(most=2.5).cells(seconds) if part == "all" else NO_GOAL
        yield f"12 MP pair, s: {part}", f"{seconds:.2f}", f"{repeats * len(pairs)}", *goal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=get_args(Split), default="train")
    parser.add_argument("--pairs", type=int, default=300, help="unchanged pairs; of the other kinds in proportion")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=7, help="of the timed comparisons; 0 leaves them out")
    parser.add_argument("--failures", type=Path, help="where to write which pairs were not told rightly")
    arguments = parser.parse_args()
    timed = list(time_rows(arguments.split, arguments.data, arguments.repeats)) if arguments.repeats else []
    found = list(outcomes(arguments.split, arguments.data, arguments.pairs, arguments.jobs))
    table = Table("", "figure", "of", *HEADERS, title=f"Comparison of two photos, {arguments.split}")
    for row in [*compare_table.rows(found), *timed]:
        table.add_row(*row)
    Console(width=140).print(table)
    if arguments.failures:
        arguments.failures.write_text("\n".join(failures(found)) + "\n")


if __name__ == "__main__":
    main()
