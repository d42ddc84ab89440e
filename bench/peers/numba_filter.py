"""The comparison's particle filter in NumPy, in the manner of the package `particles`: one filter after another in a Python loop over time, arithmetic vectorised over the particles of
one filter, the resampling walk compiled by numba. One thread. The value only: such a filter has no gradient, so the harness never runs it beside one.
"""

import math
import time

import numba
import numpy as np

from problem import Problem, measure, read_request, write_answer

f32 = np.float32


@numba.njit(cache=False)
def systematic(fixed, bits):
    """Parents by shaders/lib/systematic.wgsl, as a merge of two ascending sequences."""
    count = len(fixed)
    total = np.uint64(0)
    for q in fixed:
        total += np.uint64(q)
    u = (np.uint64(bits) * total) >> np.uint64(32)
    parents = np.empty(count, np.int64)
    parent = 0
    reached = np.uint64(fixed[0]) * np.uint64(count)
    point = u
    for slot in range(count):
        while reached <= point:  # C_parent <= floor((slot·total + u) / count)
            parent += 1
            reached += np.uint64(fixed[parent]) * np.uint64(count)
        parents[slot] = parent
        point += total
    return parents


class Lgssm:
    """x_t from the locally optimal proposal given y_t; the weight is the one-step predictive density."""

    def __init__(self, theta, problem):
        self.mu, phi, sigma = theta
        self.total_sd = np.sqrt(phi * phi + sigma * sigma)
        self.gain = (phi / self.total_sd) ** 2
        self.sd = phi * sigma / self.total_sd
        self.log_normaliser = f32(-math.log(self.total_sd) - 0.5 * math.log(2 * math.pi))

    def initial(self, noise):
        return (noise[0],)

    def move(self, state, noise, t, y):
        forecast = self.mu * state[0]
        surprise = y - forecast
        x = forecast + self.gain * surprise + self.sd * noise[0]
        return (x,), self.log_normaliser - f32(0.5) * np.square(surprise / self.total_sd)


class Sir:
    """Chemical Langevin epidemic in four substeps, negative binomial counts, bootstrap proposal."""

    substeps = 4

    def __init__(self, theta, problem):
        beta, gamma, phi_inverse = theta
        self.population = f32(problem.constants["population"])
        self.infection = beta / (self.population * f32(self.substeps))
        self.recovery = gamma / f32(self.substeps)
        self.size = f32(1) / max(phi_inverse, f32(1e-6))
        size = float(self.size)
        log_gamma = math.lgamma(size)
        self.log_choose = [
            f32(math.lgamma(y + size) - log_gamma - log_factorial)
            for y, log_factorial in zip(problem.observations.tolist(), problem.log_factorials)
        ]

    def initial(self, noise):
        i = np.ones_like(noise[0])
        return (i * (self.population - f32(1)), i)

    @staticmethod
    def flow(mean, normal, people):
        return np.minimum(np.maximum(mean + normal * mean / np.sqrt(mean + f32(1e-3)), f32(0)), people)

    def move(self, state, noise, t, y):
        s, i = state
        for k in range(self.substeps):
            infected = self.flow(self.infection * s * i, noise[2 * k], s)
            recovered = self.flow(self.recovery * i, noise[2 * k + 1], i)
            s, i = s - infected, i + infected - recovered
        ratio = np.maximum(i, f32(1e-5)) / self.size
        # log of (mean / (size + mean))^y · (size / (size + mean))^size
        log_weight = y * np.log(ratio / (f32(1) + ratio)) - self.size * np.log1p(ratio)
        return (s, i), self.log_choose[t - 1] + log_weight


models = {"lgssm": Lgssm, "sir": Sir}


def log_likelihood(problem: Problem, noise, theta, bits):
    """Of one filter. `noise`: [T + 1][noise][particles]; `theta`: [D]; `bits`: [T + 1]."""
    count = problem.particles
    model = models[problem.model](theta, problem)
    state = model.initial(noise[0])
    scale = f32(1 << problem.fixed_point_bits)
    shift = np.uint32(problem.coarse_shift)
    kept = np.zeros(count, f32)
    base = math.log(count)
    total = 0.0
    for t in range(1, problem.steps + 1):
        state, increment = model.move(state, noise[t], t, problem.observations[t - 1])
        log_weight = kept + increment
        largest = log_weight.max()
        kept = log_weight - largest
        weight = np.exp(np.maximum(kept, f32(-80)))
        log_sum = math.log(weight.sum())
        total += float(largest) + log_sum - base
        base = log_sum
        if t == problem.steps:
            break
        fixed = (weight * scale + f32(0.5)).astype(np.uint32)
        coarse = fixed >> shift
        coarse_sum, squares = f32(coarse.sum()), f32(np.square(coarse).sum())
        if coarse_sum * coarse_sum / squares < problem.resample_below * count:
            parents = systematic(fixed, bits[t + 1])
            state = tuple(x[parents] for x in state)
            kept = np.zeros(count, f32)
            base = math.log(count)
    return total


class Inputs:
    """A problem as the filters read it. Noise is turned to [T + 1][noise][particles], so that a component is contiguous."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.noise = np.ascontiguousarray(problem.noise.transpose(0, 2, 1))

    def evaluate(self):
        """[filters]"""
        problem = self.problem
        filters = range(problem.filters)
        values = [log_likelihood(problem, self.noise, problem.theta[:, f], problem.uniforms[:, f]) for f in filters]
        return np.array(values, dtype=f32)


def main():
    request = read_request()
    started = time.perf_counter()
    check = (Inputs(request.check).evaluate(), None) if request.check else None
    systematic(np.ones(2, np.uint32), np.uint32(0))  # compiles, where there was no check to do it
    inputs = Inputs(request.timed)
    results = inputs.evaluate()
    preparation = time.perf_counter() - started
    facts = {
        "version": f"numpy {np.__version__}, numba {numba.__version__}",
        "device": "cpu",
        "threads": 1,
        "seconds": measure(request.repeats, inputs.evaluate),
        "preparation_seconds": preparation,
        "note": "one filter after another",
    }
    write_answer(request, facts, (results, None), check)


if __name__ == "__main__":
    main()
