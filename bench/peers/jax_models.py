"""The two models of the comparison in JAX, for one filter (vmap makes the batch): src/model/catalog/lgssm.ts and sir.ts.

A model is a function of the parameters that returns the initial state, what each step needs of its row (leading axis T, for lax.scan), and the step itself:
`move(state, noise, seen)` gives the new state, a tuple of [particles], and the increment of the log-weight.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import gammaln


def lgssm(theta, problem, observations, noise):
    """x_t from the locally optimal proposal given y_t; the weight is the one-step predictive density."""
    mu, phi, sigma = theta
    total_sd = jnp.sqrt(phi * phi + sigma * sigma)
    gain = (phi / total_sd) ** 2
    sd = phi * sigma / total_sd
    log_normaliser = -jnp.log(total_sd) - 0.5 * math.log(2 * math.pi)

    def move(state, noise, y):
        forecast = mu * state[0]
        surprise = y - forecast
        x = forecast + gain * surprise + sd * noise[0]
        return (x,), log_normaliser - 0.5 * (surprise / total_sd) ** 2

    return (noise[0],), observations, move


def sir(theta, problem, observations, noise):
    """Chemical Langevin epidemic in four substeps, negative binomial counts, bootstrap proposal."""
    substeps = 4
    beta, gamma, phi_inverse = theta
    population = problem.constants["population"]
    infection = beta / (population * substeps)
    recovery = gamma / substeps
    size = 1 / jnp.maximum(phi_inverse, 1e-6)
    # What does not depend on the particle, for all steps at once. In float64, because the three log Γ cancel.
    wide, y = size.astype(jnp.float64), observations.astype(jnp.float64)
    log_choose = (gammaln(y + wide) - gammaln(wide) - problem.log_factorials).astype(jnp.float32)

    def flow(mean, normal, people):
        return jnp.minimum(jnp.maximum(mean + normal * mean / jnp.sqrt(mean + 1e-3), 0), people)

    def move(state, noise, seen):
        (s, i), (y, log_choose) = state, seen
        for k in range(substeps):
            infected = flow(infection * s * i, noise[2 * k], s)
            recovered = flow(recovery * i, noise[2 * k + 1], i)
            s, i = s - infected, i + infected - recovered
        ratio = jnp.maximum(i, 1e-5) / size
        # log of (mean / (size + mean))^y · (size / (size + mean))^size
        return (s, i), log_choose + y * jnp.log(ratio / (1 + ratio)) - size * jnp.log1p(ratio)

    ones = jnp.ones_like(noise[0])
    return (ones * (population - 1), ones), (observations, log_choose), move


models = {"lgssm": lgssm, "sir": sir}
