"""The comparison's particle filter in JAX: written for one parameter, vmap over parameters, lax.scan over time, jit around all.

The gradient is taken both ways, in reverse (jax.value_and_grad through the scan) and forward (one jvp per parameter, no tape), on chunks of filters that fit in memory, and the
faster way is timed. 64-bit types are switched on for a few integers and log Γ per filter; particles are float32 and uint32 (the integer weights of up to 16384 particles sum to less than 2^32).
"""

import math
import os
import sys
import time

from problem import Problem, measure, read_request, write_answer

request = read_request()
cpus = sorted(os.sched_getaffinity(0))
if request.threads:
    os.sched_setaffinity(0, cpus[: request.threads])  # XLA makes as many threads as it may use CPUs, when it is loaded
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax import lax  # noqa: E402

from jax_models import models  # noqa: E402

jax.config.update("jax_enable_x64", True)


def systematic(fixed, bits):
    """Parents by shaders/lib/systematic.wgsl: the first j with C_j > floor((i·total + u) / N), all in uint32."""
    count = np.uint32(len(fixed))
    cumulative = jnp.cumsum(fixed, dtype=jnp.uint32)
    total = cumulative[-1]
    u = ((bits.astype(jnp.uint64) * total.astype(jnp.uint64)) >> 32).astype(jnp.uint32)
    slots = jnp.arange(count, dtype=jnp.uint32)
    points = total // count * slots + u // count + (total % count * slots + u % count) // count
    return jnp.searchsorted(cumulative, points, side="right", method="scan_unrolled").astype(jnp.int32)


def filter_of(problem: Problem):
    """The log-likelihood of one filter as a function of theta [D], its resampling bits [T + 1], and the arrays all filters share."""
    count = problem.particles
    carried = problem.gradient == "carried"
    log_count = np.float32(math.log(count))
    scale = np.float32(1 << problem.fixed_point_bits)

    def log_likelihood(theta, bits, noise, observations):
        initial, seen, move = models[problem.model](theta, problem, observations, noise[0])

        def step(carry, inputs):
            state, kept, base, total = carry
            noise, seen, bits, is_last = inputs
            state, increment = move(state, noise, seen)
            log_weight = kept + increment
            largest = lax.stop_gradient(jnp.max(log_weight))
            relative = log_weight - largest
            weight = jnp.exp(jnp.maximum(relative, -80))
            log_sum = jnp.log(jnp.sum(weight))
            total = total + largest + log_sum - base

            fixed = (lax.stop_gradient(weight) * scale + np.float32(0.5)).astype(jnp.uint32)
            coarse = fixed >> problem.coarse_shift
            coarse_sum = jnp.sum(coarse, dtype=jnp.uint32).astype(jnp.float32)
            squares = jnp.sum(coarse * coarse, dtype=jnp.uint32).astype(jnp.float32)
            resample = (coarse_sum * coarse_sum / squares < problem.resample_below * count) & ~is_last
            parents = jnp.where(resample, systematic(fixed, bits), jnp.arange(count, dtype=jnp.int32))
            state = tuple(x[parents] for x in state)
            # fixed-ancestor: the children's weights are constants; carried: each keeps its parent's derivative
            children = relative[parents] if carried else jnp.zeros_like(relative)
            kept = jnp.where(resample, children - lax.stop_gradient(children), relative)
            base = jnp.where(resample, log_count, log_sum)
            return (state, kept, base, total), log_sum

        kept = jnp.zeros(count, jnp.float32)
        is_last = np.arange(1, problem.steps + 1) == problem.steps
        next_bits = jnp.append(bits[2:], np.uint32(0))
        carry = (initial, kept, log_count, np.float32(0))
        (_, _, _, total), log_sums = lax.scan(step, carry, (noise[1:], seen, next_bits, is_last))
        if not carried:
            return total
        return lax.stop_gradient(total - log_sums[-1]) + log_sums[-1]

    return log_likelihood


def batched(problem: Problem, mode):
    """theta [D][filters] to log-likelihoods [filters] and gradient [D][filters] (or None), for any number of filters."""
    one = filter_of(problem)

    def reverse(theta, *rest):
        return jax.value_and_grad(one)(theta, *rest)

    def forward(theta, *rest):
        along = lambda direction: jax.jvp(lambda theta: one(theta, *rest), (theta,), (direction,))  # noqa: E731
        return jax.vmap(along, out_axes=(None, 0))(jnp.eye(len(theta), dtype=jnp.float32))

    def value(theta, *rest):
        return one(theta, *rest), None

    body = {"value": value, "reverse": reverse, "forward": forward}[mode]
    return jax.jit(jax.vmap(body, in_axes=(1, 1, None, None), out_axes=(0, 1)))


class Inputs:
    """A problem on the device. Noise is turned to [T + 1][noise][particles], so that a component is contiguous."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.theta = jnp.asarray(problem.theta)
        self.bits = jnp.asarray(problem.uniforms)
        self.shared = (jnp.asarray(problem.noise.transpose(0, 2, 1)), jnp.asarray(problem.observations))

    def evaluate(self, program, chunk):
        """All filters, `chunk` at once; ready on the device when it returns."""
        parts = []
        for first in range(0, self.problem.filters, chunk):
            parts.append(program(self.theta[:, first : first + chunk], self.bits[:, first : first + chunk], *self.shared))
            jax.block_until_ready(parts[-1])  # the next chunk may need its memory
        values, gradients = zip(*parts)
        result = jnp.concatenate(values), None if gradients[0] is None else jnp.concatenate(gradients, 1)
        return jax.block_until_ready(result)


def free_bytes():
    device = jax.devices()[0]
    if device.platform == "cpu":
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    stats = device.memory_stats()
    return stats["bytes_limit"] - stats["bytes_in_use"]


def largest_chunk(inputs, mode):
    """Filters whose memory is at most half of what is free, by XLA's own count for one filter."""
    compiled = batched(inputs.problem, mode).lower(inputs.theta[:, :1], inputs.bits[:, :1], *inputs.shared).compile()
    analysis = compiled.memory_analysis()
    one = max(1, analysis.temp_size_in_bytes) if analysis is not None else 1
    return max(1, min(inputs.problem.filters, int(0.5 * free_bytes() / one)))


def variants(inputs, quick):
    """Ways to evaluate and chunks of filters to try."""
    for mode in ["value"] if inputs.problem.gradient == "none" else ["reverse", "forward"]:
        most = largest_chunk(inputs, mode)
        yield mode, most
        in_cache = max(1, (1 << 15) // inputs.problem.particles)
        if jax.devices()[0].platform == "cpu" and in_cache < most and not quick:
            yield mode, in_cache


def fastest(inputs, quick):
    """Mode, program, chunk, results of all filters, and what to say of them."""
    tried = []
    for mode, chunk in variants(inputs, quick):
        program = batched(inputs.problem, mode)
        results = inputs.evaluate(program, chunk)  # compiles
        (seconds,) = measure(1, lambda: inputs.evaluate(program, chunk))
        tried.append((seconds, mode, chunk, program, results))
    seconds, mode, chunk, program, results = min(tried, key=lambda entry: entry[0])
    others = [f"{m} by {c}: {s / seconds:.1f} times as long" for s, m, c, _, _ in tried if (m, c) != (mode, chunk)]
    note = f"{mode}, {chunk} filters at once" + (f" ({'; '.join(others)})" if others else "")
    return mode, program, chunk, results, note


def evaluate_check(problem: Problem, mode):
    """In the way that is timed, unless the two problems ask for different things."""
    if problem.gradient == "none":
        mode = "value"
    elif mode == "value":
        mode = "reverse"
    return Inputs(problem).evaluate(batched(problem, mode), problem.filters)


def device_name(device):
    """`cuda, NVIDIA H200`: the report finds CUDA by that word; JAX itself calls it gpu, as it does ROCm."""
    if device.platform != "gpu":
        return "cpu" if device.platform == "cpu" else f"{device.platform}, {device.device_kind}"
    name = "rocm" if "rocm" in device.client.platform_version.lower() else "cuda"
    return f"{name}, {device.device_kind}"


def to_numpy(values):
    return tuple(None if value is None else np.asarray(value) for value in values)


def main():
    device = jax.devices()[0]
    started = time.perf_counter()
    inputs = Inputs(request.timed)
    mode, program, chunk, results, note = fastest(inputs, request.quick)
    check = request.check and to_numpy(evaluate_check(request.check, mode))
    preparation = time.perf_counter() - started
    facts = {
        "version": jax.__version__,
        "device": device_name(device),
        "seconds": measure(request.repeats, lambda: inputs.evaluate(program, chunk)),
        "preparation_seconds": preparation,
        "note": note,
    }
    if device.platform == "cpu":
        facts["threads"] = len(os.sched_getaffinity(0))
    write_answer(request, facts, to_numpy(results), check)


if __name__ == "__main__":
    sys.exit(main())
