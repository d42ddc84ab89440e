"""The comparison's particle filter in PyTorch, batched over parameters, with its gradient by autograd backward through all steps.

As in arXiv 2407.17296: reparameterised states, ancestors gathered, resampling where ESS < N/2. `fixed-ancestor` is what autograd gives when the children of a resampling start with
constant weights; `carried` keeps each parent's log-weight derivative (lw - lw.detach()) and differentiates the last normaliser only.
"""

import math

import numpy as np
import torch

from problem import Problem
from torch_models import models


class Inputs:
    """A problem on its device. Noise is turned to [T + 1][noise][particles], so that a component is contiguous."""

    def __init__(self, problem: Problem, device: torch.device):
        self.problem = problem
        self.theta = torch.as_tensor(problem.theta, device=device)
        self.noise = torch.as_tensor(np.ascontiguousarray(problem.noise.transpose(0, 2, 1)), device=device)
        self.bits = torch.as_tensor(problem.uniforms.astype(np.int64), device=device).unsqueeze(-1)
        self.observations = torch.as_tensor(problem.observations, device=device)
        self.slots = torch.arange(problem.particles, device=device)


def weigh(log_weight):
    """Weights relative to the largest, the largest, and log of the sum of weights. The largest is a constant to autograd: it is subtracted and added again."""
    largest = log_weight.detach().amax(1, keepdim=True)
    relative = log_weight - largest
    weight = torch.exp(relative.clamp(min=-80))
    return relative, weight.detach(), largest, torch.log(weight.sum(1, keepdim=True))


def systematic(fixed, bits, slots):
    """Parents by shaders/lib/systematic.wgsl: the first j with C_j > floor((i·total + u) / N), which is N·C_j > i·total + u. All below 2^63."""
    cumulative = fixed.cumsum(1)
    total = cumulative[:, -1:]
    points = slots * total + ((bits * total) >> 32)
    return torch.searchsorted(cumulative * len(slots), points, right=True)


def ancestors_of(weight, bits, inputs):
    """[filters][1] which filters resample, and [filters][particles] each slot's parent; None where no filter is known to resample."""
    problem, slots = inputs.problem, inputs.slots
    fixed = (weight * float(1 << problem.fixed_point_bits) + 0.5).to(torch.int64)
    coarse = fixed >> problem.coarse_shift
    total = coarse.sum(1, keepdim=True).float()
    squares = (coarse * coarse).sum(1, keepdim=True).float()
    resample = total * total / squares < problem.resample_below * problem.particles
    if weight.is_cuda:  # deciding on the host would wait for the GPU at every step
        return resample, torch.where(resample, systematic(fixed, bits, slots), slots)
    rows = resample.squeeze(1).nonzero().squeeze(1)
    if len(rows) == 0:
        return None
    parents = slots.repeat(len(resample), 1)
    parents[rows] = systematic(fixed[rows], bits[rows], slots)
    return resample, parents


def log_likelihood(inputs, theta, bits, step):
    """[filters]. `step` is `move_and_weigh` or its compiled form."""
    problem = inputs.problem
    carried = problem.gradient == "carried"
    model = models[problem.model](theta, problem, inputs.observations)
    state = model.initial(inputs.noise[0])
    kept = torch.zeros(theta.shape[1], problem.particles, device=theta.device)
    log_count = torch.full((theta.shape[1], 1), math.log(problem.particles), device=theta.device)
    base = log_count
    increments = []
    for t in range(1, problem.steps + 1):
        state, (relative, weight, largest, log_sum) = step(model, state, kept, inputs.noise[t], model.seen(t))
        increments.append(largest + log_sum - base)
        kept, base = relative, log_sum
        resampling = ancestors_of(weight, bits[t + 1], inputs) if t < problem.steps else None
        if resampling is None:
            continue
        resample, parents = resampling
        state = tuple(x.gather(1, parents) for x in state)
        if carried:
            children = relative.gather(1, parents)
            kept = torch.where(resample, children - children.detach(), relative)
        else:
            kept = relative.masked_fill(resample, 0.0)
        base = torch.where(resample, log_count, log_sum)
    total = torch.cat(increments, 1).sum(1)
    if not carried:
        return total
    last = log_sum.squeeze(1)
    return total.detach() + (last - last.detach())


def move_and_weigh(model, state, kept, noise, seen):
    state, increment = model.move(state, noise, seen)
    return state, weigh(kept + increment)


def evaluate(inputs, own, step):
    """Log-likelihoods and gradient (or None) of the filters in the slice `own`, on the device."""
    theta, bits = inputs.theta[:, own], inputs.bits[:, own]
    if inputs.problem.gradient == "none":
        with torch.no_grad():
            return log_likelihood(inputs, theta, bits, step), None
    theta = theta.detach().requires_grad_()
    value = log_likelihood(inputs, theta, bits, step)
    (gradient,) = torch.autograd.grad(value.sum(), theta)
    return value.detach(), gradient


def evaluate_all(inputs, chunk, step):
    """[filters] and [D][filters] or None: `chunk` filters at once."""
    filters = inputs.problem.filters
    parts = [evaluate(inputs, slice(first, first + chunk), step) for first in range(0, filters, chunk)]
    values, gradients = zip(*parts)
    return torch.cat(values), None if gradients[0] is None else torch.cat(gradients, 1)
