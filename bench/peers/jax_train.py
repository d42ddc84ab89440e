"""The training of bench/merge/speed.ts in JAX: one network by vmap over its batch, all by vmap, all updates in one jitted loop. The loss is that of torch_train.py."""

import time

import jax
import jax.numpy as jnp
from train_problem import initial_layers, read_problem, write_answer


def dense(layer, x, s):
    return s * layer[0] + layer[1] + x @ layer[2:]


def energy(x, layers, s):
    first = dense(layers[0], x, s)
    inside = jax.nn.silu(dense(layers[1], first, s))
    out = dense(layers[3], first + jax.nn.silu(dense(layers[2], inside, s)), s)
    return -0.5 * jnp.sum((out - x) ** 2)


score_of = jax.vmap(jax.grad(energy), in_axes=(0, None, 0))


def main():
    problem = read_problem()
    draws, gradients = jnp.asarray(problem.draws), jnp.asarray(problem.gradients)
    nets, rows, d = draws.shape
    batch, total = problem.batch, problem.updates

    def loss_of(layers, own_draws, own_gradients, key):
        for_row, for_time, for_noise = jax.random.split(key, 3)
        row = jax.random.randint(for_row, (batch,), 0, rows)
        # Fourth powers, as ours are where gradients are known (shaders/merge/batch.wgsl).
        t = 1e-5 + (1 - 2e-5) * ((jnp.arange(batch) + jax.random.uniform(for_time, (batch,))) / batch) ** 4
        log_a = -t * (0.05 + 4.975 * t)
        a, s = jnp.exp(log_a)[:, None], jnp.sqrt(-jnp.expm1(2 * log_a))
        z = jax.random.normal(for_noise, (batch, d))
        x = a * own_draws[row] + s[:, None] * z
        target = a * own_gradients[row] - s[:, None] * z
        return jnp.mean((score_of(x, layers, s) - target) ** 2)

    def step(layers, first, second, own_draws, own_gradients, key, update):
        """Of one network: Adam with its defaults."""
        loss, slopes = jax.value_and_grad(loss_of)(layers, own_draws, own_gradients, key)
        norm = jnp.sqrt(sum(jnp.sum(slope**2) for slope in slopes))
        cut = problem.most_slope / jnp.maximum(norm, problem.most_slope)
        slopes = [cut * slope for slope in slopes]
        n = update + 1.0
        rate = problem.learning_rate * 0.5 * (1 + jnp.cos(jnp.pi * update / total))
        first = [0.9 * m + 0.1 * slope for m, slope in zip(first, slopes)]
        second = [0.999 * m + 0.001 * slope**2 for m, slope in zip(second, slopes)]
        moved = [
            layer - rate * (m / (1 - 0.9**n)) / (jnp.sqrt(v / (1 - 0.999**n)) + 1e-8)
            for layer, m, v in zip(layers, first, second)
        ]
        return moved, first, second, loss

    step_all = jax.vmap(step, in_axes=(0, 0, 0, 0, 0, 0, None))

    @jax.jit
    def train(layers, key):
        zeros = [jnp.zeros_like(layer) for layer in layers]

        def body(update, carry):
            layers, first, second, kept = carry
            keys = jax.random.split(jax.random.fold_in(key, update), nets)
            layers, first, second, loss = step_all(layers, first, second, draws, gradients, keys, update)
            return layers, first, second, kept + jnp.where(update >= total - problem.last, loss.mean(), 0.0)

        return jax.lax.fori_loop(0, total, body, (layers, zeros, zeros, 0.0))[3] / problem.last

    layers = [jnp.asarray(layer) for layer in initial_layers(problem, 1)]
    started = time.perf_counter()
    compiled = train.lower(layers, jax.random.key(1)).compile()
    prepared = time.perf_counter()
    loss = float(compiled(layers, jax.random.key(1)))  # waits for the device
    write_answer(
        problem,
        version=jax.__version__,
        device=jax.devices()[0].device_kind,
        seconds=time.perf_counter() - prepared,
        preparation_seconds=prepared - started,
        loss=loss,
    )


main()
