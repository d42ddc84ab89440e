"""A latent SDE's training as bench/peers/train_peers.ts writes it, the networks it starts from, and the answer."""

import json
import math
import sys
from pathlib import Path

import numpy as np

LOG_2_PI = math.log(2 * math.pi)


class SdeProblem:
    """Tables of bench/peers/train_types.ts as arrays, and its sizes by name."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.sizes = json.loads((folder / "request.json").read_text())
        d, observed = self["latent"], self["observed"]
        self.bases = self._table("bases", d)
        self.inputs = self._table("inputs", self._table("inputs").size // len(self.bases))
        self.spans = self._table("spans")
        self.places = self._table("places", 2)
        self.values = self._table("values", observed, 2)
        self.windows = self._table("windows", 5).astype(np.int64)
        # Of one window's sums, as an estimate of all windows' over the numbers observed.
        self.scale = len(self.windows) / self["numbers"]

    def __getitem__(self, name):
        return self.sizes[name]

    def _table(self, name, *shape):
        return np.fromfile(self.folder / f"{name}.f32", dtype="<f4").reshape(-1, *shape)

    @property
    def last(self) -> int:
        """Steps at the end whose bounds are averaged."""
        return max(1, self["steps"] // 20)

    def order(self, steps):
        """Windows at random, one for every step."""
        return np.random.default_rng(2).integers(len(self.windows), size=steps)

    def start(self):
        """Encoder, drift, decoder: layers [inputs + 1][outputs] with the bias first; and free parameters: the state where a series begins, log D, log variance of the noise."""
        generator = np.random.default_rng(1)
        d, observed = self["latent"], self["observed"]
        encoder = layers_of([self.inputs.shape[1], *self["encoder"], 6 * d], 0.01, generator)
        encoder[-1][0, 3 * d : 4 * d] = math.log(0.01)
        drift = layers_of([d, *self["drift"], d], 0.1, generator)
        decoder = layers_of([d, *self["decoder"], observed], 1.0, generator) if "decoder" in self.sizes else []
        free = [
            np.zeros((2, d), np.float32),  # mean and log variance
            np.array([[0.0] * d, [math.log(0.1)] * d], np.float32),  # mean and log sd
            np.full(observed, math.log(0.1), np.float32),
        ]
        return [encoder, drift, decoder, free]

    def write_answer(self, **answer) -> None:
        (self.folder / "answer.json").write_text(json.dumps(answer))


def read_problem() -> SdeProblem:
    """The folder is the program's one argument."""
    return SdeProblem(Path(sys.argv[1]))


def layers_of(widths, last, generator):
    """Normal weights of variance 1/inputs, cut at two sds; the last layer `last` times as large."""
    layers = []
    for n, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        z = generator.standard_normal((inputs, outputs))
        while (far := np.abs(z) > 2).any():
            z[far] = generator.standard_normal(far.sum())
        scale = (last if n == len(widths) - 2 else 1.0) / (0.87962566 * math.sqrt(inputs))
        layers.append(np.vstack([np.zeros((1, outputs)), scale * z]).astype(np.float32))
    return layers


def basis(u):
    """Weights of the cubic: left value, slope to the right, right value, slope to the left."""
    right = u * u * (3 - 2 * u)
    return 1 - right, u * (1 - u) ** 2, right, u * u * (u - 1)


def basis_slope(u):
    right = 6 * u * (1 - u)
    return -right, (1 - u) * (1 - 3 * u), right, u * (3 * u - 2)

