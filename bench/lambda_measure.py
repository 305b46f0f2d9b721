"""Cold starts, warm times and memory of functions, side by side: they take turns, one process at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from lambda_box import Box
from lambda_emulator import Emulator, FunctionFailedError
from lambda_events import answered
from lambda_functions import Function
from lambda_logs import log_bytes, metric_series

SETTLE = 1
"""Warm answers that are not counted: the first after a start may still fill caches."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured."""

    starts: int
    warm: int


@dataclass(slots=True)
class Figures:
    """What was measured of a function with one memory size.

    Attributes:
        cold_s: seconds from the start of the process to the first answer, by what was asked.
        warm_s: seconds of each answer of a running process.
        peak_mb: the most memory that it had resident, in MB of 10^6 bytes.
        log_bytes: what a request of a running process leaves in the log.
        metrics: how many custom metrics CloudWatch makes of the log of what was asked.
        failure: why there are no (more) figures.
    """

    cold_s: dict[str, list[float]] = field(default_factory=dict)
    warm_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    log_bytes: float = 0.0
    metrics: int = 0
    failure: str | None = None


def cache_files(functions: Sequence[Function], memory_mb: int, *, boxed: bool) -> None:
    """Start each function once, so that the first start that counts reads its files from memory as all later ones."""
    for function in functions:
        with _noted(Figures()):
            _start(function, Figures(), memory_mb, boxed)


def measure(functions: Sequence[Function], memory_mb: int, *, boxed: bool, effort: Effort) -> dict[str, Figures]:
    """The figures of each function by its name.

    Raises:
        NoBoxError: `boxed` is asked of a machine that cannot.
    """
    found = {function.name: Figures() for function in functions}
    for _ in range(effort.starts):
        for function in functions:
            with _noted(found[function.name]):
                _start(function, found[function.name], memory_mb, boxed)
    for function in functions:
        if not found[function.name].failure:
            with _noted(found[function.name]):
                _keep_asking(function, found[function.name], memory_mb, boxed, effort.warm)
    return found


@contextmanager
def _noted(figures: Figures) -> Iterator[None]:
    """A function that fails is a finding, not the end of the benchmark."""
    try:
        yield
    except (FunctionFailedError, ValueError) as error:
        figures.failure = figures.failure or str(error)


def _start(function: Function, figures: Figures, memory_mb: int, boxed: bool) -> None:
    for word, event in function.firsts.items():
        with _environment(function, memory_mb, boxed) as environment:
            answer, took_s = environment.invoke(event)
            answered(answer)
            figures.cold_s.setdefault(word, []).append(took_s)
            figures.peak_mb = max(figures.peak_mb, environment.peak_mb())


def _keep_asking(function: Function, figures: Figures, memory_mb: int, boxed: bool, times: int) -> None:
    with _environment(function, memory_mb, boxed) as environment:
        for number in range(SETTLE + times):
            answer, took_s = environment.invoke(function.warm[number % len(function.warm)])
            answered(answer)
            if number >= SETTLE:
                figures.warm_s.append(took_s)
        figures.peak_mb = max(figures.peak_mb, environment.peak_mb())
        lines = environment.log().splitlines()
        figures.log_bytes, figures.metrics = log_bytes(lines) / (SETTLE + times), len(metric_series(lines))


@contextmanager
def _environment(function: Function, memory_mb: int, boxed: bool) -> Iterator[Emulator]:
    """A fresh execution environment, in a box of its own where the machine can make one."""
    with Box(memory_mb) if boxed else nullcontext() as box, Emulator(function.program, memory_mb, box) as emulator:
        yield emulator
