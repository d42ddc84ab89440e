"""A filter problem as bench/peers/problem_files.ts writes it, what a tool answers, and how its time is taken.

All arrays are little-endian and contiguous; the shapes are those of bench/peers/types.ts.
"""

import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional, Tuple

import numpy as np

Values = Tuple[np.ndarray, Optional[np.ndarray]]


@dataclass(frozen=True)
class Problem:
    model: str  # lgssm | sir
    filters: int
    particles: int
    steps: int
    gradient: str  # none | fixed-ancestor | carried
    resample_below: float
    constants: dict
    theta: np.ndarray  # [D][filters] f32
    noise: np.ndarray  # [T + 1][particles][noise] f32
    uniforms: np.ndarray  # [T + 1][filters] u32
    observations: np.ndarray  # [T] f32

    @property
    def fixed_point_bits(self) -> int:
        """b with particles · (2^b + 1) < 2^32, as shaders/lib/systematic.wgsl has it."""
        return 31 - (self.particles - 1).bit_length()

    @property
    def coarse_shift(self) -> int:
        """How far weights are shifted before their squares are added for the ESS."""
        return self.fixed_point_bits - self.fixed_point_bits // 2

    @property
    def log_factorials(self) -> np.ndarray:
        """[T] f64: log y_t!, which depends on no parameter."""
        return np.array([math.lgamma(y + 1.0) for y in self.observations])


@dataclass(frozen=True)
class Request:
    """What the harness wants: the folder, and how to run."""

    folder: Path
    repeats: int
    quick: bool  # leave out what takes long to prepare
    threads: Optional[int]  # of the CPU; None: as many as there are
    timed: Problem
    check: Optional[Problem]


def read_request() -> Request:
    """The folder is the program's one argument."""
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text())
    return Request(
        folder=folder,
        repeats=request["repeats"],
        quick=request["quick"],
        threads=request["threads"],
        timed=read_problem(folder / "timed"),
        check=read_problem(folder / "check") if request["check"] else None,
    )


def read_problem(folder: Path) -> Problem:
    facts = json.loads((folder / "problem.json").read_text())
    filters, particles, steps = facts["filters"], facts["particles"], facts["steps"]

    def array(name: str, dtype: str, *shape: int) -> np.ndarray:
        return np.fromfile(folder / name, dtype=dtype).reshape(shape)

    return Problem(
        **{name: facts[name] for name in ("model", "filters", "particles", "steps", "gradient", "resample_below", "constants")},
        theta=array("theta.f32", "<f4", -1, filters),
        noise=array("noise.f32", "<f4", steps + 1, particles, -1),
        uniforms=array("uniforms.u32", "<u4", steps + 1, filters),
        observations=array("observations.f32", "<f4", steps),
    )


def measure(repeats: int, body: Callable[[], object]) -> list:
    """Seconds of each repeat; `body` returns when its results are ready on its device. Warming up is the caller's."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        body()
        seconds.append(time.perf_counter() - started)
    return seconds


def write_answer(request: Request, facts: dict, timed: Values, check: Optional[Values]) -> None:
    """`facts`: version, device, seconds, and where they apply threads, preparation_seconds, note."""
    for name, values in (("timed", timed), ("check", check)):
        if values is None:
            continue
        log_likelihood, gradient = values
        np.asarray(log_likelihood, dtype="<f4").tofile(request.folder / name / "log_likelihood.f32")
        if gradient is not None:
            np.ascontiguousarray(gradient, dtype="<f4").tofile(request.folder / name / "gradient.f32")
    (request.folder / "answer.json").write_text(json.dumps(facts))
