"""The training of bench/sde/steps.ts in JAX: the estimator of torch_sde.py, all steps in one jitted loop. Windows have places for as many nodes and observations as the largest."""

import math
import time

import jax
import jax.numpy as jnp
import numpy as np
from sde_problem import LOG_2_PI, basis, basis_slope, read_problem


def mlp(layers, x):
    for layer in layers[:-1]:
        x = jnp.tanh(layer[0] + x @ layer[1:])
    return layers[-1][0] + x @ layers[-1][1:]


def main():
    p = read_problem()
    d, observed, pairs, repeats, paths = p["latent"], p["observed"], p["pairs"], p["repeats"], p["paths"]
    total = p["steps"]
    bases, inputs, spans, places, values = (
        jnp.asarray(table) for table in (p.bases, p.inputs, p.spans, p.places, p.values)
    )
    windows = jnp.asarray(p.windows.astype(np.int32))
    nodes = jnp.arange(int(p.windows[:, 1].max()) + 1)
    rows = jnp.arange(int(p.windows[:, 3].max()))

    def terms(parts, window, key):
        encoder, drift, decoder, (origin, diffusion, noise) = parts
        first, intervals, first_observation, count, starts = window
        for_time, for_path, for_diffusion, for_state = jax.random.split(key, 4)
        own = first + jnp.minimum(nodes, intervals)
        m, a, b, l, la, lb = jnp.split(mlp(encoder, inputs[own]), 6, axis=1)
        m = m + bases[own]

        def between(left, weights, value, right, to_left):
            w0, w1, w2, w3 = (w[:, None] for w in weights)
            return w0 * value[left] + w1 * right[left] + w2 * value[left + 1] + w3 * to_left[left + 1]

        # Path samples.
        tau = (jnp.arange(pairs) + jax.random.uniform(for_time, (pairs,))) * (intervals / pairs)
        left = jnp.minimum(jnp.floor(tau).astype(jnp.int32), intervals - 1)
        u = tau - left
        span = spans[first + left]
        slope = [w / span for w in basis_slope(u)]
        mean, mean_slope = between(left, basis(u), m, a, b), between(left, slope, m, a, b)
        log_s, log_slope = between(left, basis(u), l, la, lb), between(left, slope, l, la, lb)
        eps = jax.random.normal(for_path, (pairs, d))
        eps = jnp.stack([eps, -eps], axis=1).reshape(2 * pairs, d)
        mean, mean_slope, log_s, log_slope = (jnp.repeat(x, 2, axis=0) for x in (mean, mean_slope, log_s, log_slope))
        sd = jnp.exp(0.5 * log_s)
        log_d = diffusion[0] + jnp.exp(diffusion[1]) * jax.random.normal(for_diffusion, (paths, d))
        big = jnp.exp(log_d)[jnp.arange(2 * pairs) // 2 % paths]
        residual = mean_slope + 0.5 * log_slope * sd * eps - 0.5 * big * eps / sd - mlp(drift, mean + sd * eps)
        path = 0.5 * jnp.sum(residual**2 / big * jnp.repeat(span, 2)[:, None]) * (0.5 * intervals / pairs)
        # Observations; places beyond the last count nothing.
        row = first_observation + jnp.minimum(rows, count - 1)
        place = places[row]
        left = jnp.minimum(place[:, 0].astype(jnp.int32) - first, intervals - 1)
        mean, log_s = between(left, basis(place[:, 1]), m, a, b), between(left, basis(place[:, 1]), l, la, lb)
        y, known = values[row, :, 0], values[row, :, 1] * (rows < count)[:, None]
        if decoder:
            eps = jax.random.normal(for_state, (len(rows), repeats // 2, d))
            eps = jnp.concatenate([eps, -eps], axis=1)
            states = mean[:, None] + jnp.exp(0.5 * log_s)[:, None] * eps
            predicted = mlp(decoder, states.reshape(-1, d)).reshape(len(rows), repeats, observed)
            square = jnp.mean((y[:, None] - predicted) ** 2, axis=1)
        else:
            square = (y - mean[:, :observed]) ** 2 + jnp.exp(log_s[:, :observed])
        likelihood = jnp.sum(-0.5 * known * (square * jnp.exp(-noise) + noise + LOG_2_PI))
        ratio = jnp.exp(l[0] - origin[1])
        at_start = 0.5 * jnp.sum(ratio + (m[0] - origin[0]) ** 2 * jnp.exp(-origin[1]) - 1 - l[0] + origin[1])
        prior = jnp.sum(math.log(3.0) - diffusion[1] - 0.5 + (jnp.exp(2 * diffusion[1]) + diffusion[0] ** 2) / 18.0)
        return p.scale * likelihood, p.scale * (path + starts * at_start) + prior / p["numbers"]

    def loss_of(parts, window, key, ramp):
        likelihood, divergence = terms(parts, window, key)
        return ramp * divergence - likelihood, divergence - likelihood

    @jax.jit
    def train(parts, order, key):
        flat, tree = jax.tree_util.tree_flatten(parts)
        zeros = [jnp.zeros_like(x) for x in flat]

        def body(step, carry):
            flat, first, second, kept = carry
            parts = jax.tree_util.tree_unflatten(tree, flat)
            ramp = jnp.minimum(1.0, (step + 1) / p["ramp"])
            of = jax.value_and_grad(loss_of, has_aux=True)
            (_, bound), slopes = of(parts, windows[order[step]], jax.random.fold_in(key, step), ramp)
            slopes = jax.tree_util.tree_leaves(slopes)
            norm = jnp.sqrt(sum(jnp.sum(slope**2) for slope in slopes))
            cut = p["most_slope"] / jnp.maximum(norm, p["most_slope"])
            n = step + 1.0
            rising = jnp.minimum(1.0, n / max(p["warm_up"], 1))
            rate = p["learning_rate"] * rising * (0.01 + 0.99 * 0.5 * (1 + jnp.cos(jnp.pi * step / total)))
            first = [0.9 * m + 0.1 * cut * slope for m, slope in zip(first, slopes)]
            second = [0.999 * v + 0.001 * (cut * slope) ** 2 for v, slope in zip(second, slopes)]
            flat = [
                x - rate * (m / (1 - 0.9**n)) / (jnp.sqrt(v / (1 - 0.999**n)) + 1e-8)
                for x, m, v in zip(flat, first, second)
            ]
            return flat, first, second, kept + jnp.where(step >= total - p.last, bound, 0.0)

        return jax.lax.fori_loop(0, total, body, (flat, zeros, zeros, 0.0))[3] / p.last

    parts = [[jnp.asarray(x) for x in part] for part in p.start()]
    order = jnp.asarray(p.order(total).astype(np.int32))
    started = time.perf_counter()
    compiled = train.lower(parts, order, jax.random.key(1)).compile()
    prepared = time.perf_counter()
    loss = float(compiled(parts, order, jax.random.key(1)))  # waits for the device
    p.write_answer(
        version=jax.__version__,
        device=jax.devices()[0].device_kind,
        seconds=time.perf_counter() - prepared,
        preparation_seconds=prepared - started,
        loss=loss,
    )


main()
