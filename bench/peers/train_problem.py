"""A training problem as bench/peers/train_peers.ts writes it, and the answer."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class TrainProblem:
    folder: Path
    draws: np.ndarray  # [network][row][d] f32, whitened
    gradients: np.ndarray  # [network][row][d] f32
    units: int
    batch: int
    updates: int
    learning_rate: float
    most_slope: float
    together: bool  # all networks at once

    @property
    def shapes(self):
        """Inputs and outputs of the four layers; each has an input more, the noise, and a bias."""
        d, w = self.draws.shape[2], self.units
        return [(d, w), (w, w), (w, w), (w, d)]

    @property
    def last(self) -> int:
        """Updates at the end whose losses are averaged."""
        return max(1, self.updates // 20)


def read_problem() -> TrainProblem:
    """The folder is the program's one argument."""
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text())
    counts, d = request["counts"], request["inputs"]
    if len(set(counts)) != 1:
        raise SystemExit("the networks have different numbers of rows")
    rows = np.fromfile(folder / "rows.f32", dtype="<f4").reshape(len(counts), counts[0], 2 * d + 1)
    return TrainProblem(
        folder=folder,
        draws=np.ascontiguousarray(rows[:, :, :d]),
        gradients=np.ascontiguousarray(rows[:, :, d : 2 * d]),
        units=request["units"],
        batch=request["batch"],
        updates=request["updates"],
        learning_rate=request["learning_rate"],
        most_slope=request["most_slope"],
        together=request["together"],
    )


def initial_layers(problem: TrainProblem, seed: int):
    """Per layer [network][inputs + 2][outputs] f32: noise, bias, inputs. Normal with variance 1/(inputs + 1), cut at two sds; biases and the last layer 0, as src/network/residual.ts has it."""
    random = np.random.default_rng(seed)
    nets = len(problem.draws)
    layers = []
    for inputs, outputs in problem.shapes:
        z = random.standard_normal((nets, inputs + 2, outputs))
        while (far := np.abs(z) > 2).any():
            z[far] = random.standard_normal(far.sum())
        z[:, 1] = 0.0
        layers.append((z / (0.87962566 * np.sqrt(inputs + 1))).astype(np.float32))
    layers[-1][:] = 0.0
    return layers


def write_answer(problem: TrainProblem, **answer) -> None:
    (problem.folder / "answer.json").write_text(json.dumps(answer))
