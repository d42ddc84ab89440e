"""The two models of the comparison in PyTorch, batched over filters: src/model/catalog/lgssm.ts and sir.ts.

A state is a tuple of tensors [filters][particles]. `seen(t)` is what a step needs to know of row t, and `move` goes that step: the new state and the increment of the log-weight.
"""

import math

import torch


class Lgssm:
    """x_t from the locally optimal proposal given y_t; the weight is the one-step predictive density."""

    def __init__(self, theta, problem, observations):
        self.mu, phi, sigma = theta.unsqueeze(-1)
        total_sd = torch.sqrt(phi * phi + sigma * sigma)
        self.gain = (phi / total_sd) ** 2
        self.sd = phi * sigma / total_sd
        self.precision_root = 1 / total_sd
        self.log_normaliser = -torch.log(total_sd) - 0.5 * math.log(2 * math.pi)
        self.observations = observations

    def initial(self, noise):
        return (noise[0].expand(self.mu.shape[0], -1),)

    def seen(self, t):
        return (self.observations[t - 1],)

    def move(self, state, noise, seen):
        forecast = self.mu * state[0]
        surprise = seen[0] - forecast
        x = forecast + self.gain * surprise + self.sd * noise[0]
        return (x,), self.log_normaliser - 0.5 * (surprise * self.precision_root) ** 2


class Sir:
    """Chemical Langevin epidemic in four substeps, negative binomial counts, bootstrap proposal."""

    substeps = 4

    def __init__(self, theta, problem, observations):
        beta, gamma, phi_inverse = theta.unsqueeze(-1)
        self.population = problem.constants["population"]
        self.infection = beta / (self.population * self.substeps)
        self.recovery = gamma / self.substeps
        self.size = 1 / phi_inverse.clamp(min=1e-6)
        self.observations = observations
        # What does not depend on the particle, for all steps at once. In float64, because the three log Γ cancel.
        size = self.size.squeeze(-1).double()
        y = observations.double().unsqueeze(-1)
        log_factorials = torch.as_tensor(problem.log_factorials, device=theta.device).unsqueeze(-1)
        self.log_choose = (torch.lgamma(y + size) - torch.lgamma(size) - log_factorials).float().unsqueeze(-1)

    def initial(self, noise):
        i = torch.ones_like(noise[0]).expand(self.size.shape[0], -1)
        return (i * (self.population - 1), i)

    @staticmethod
    def flow(mean, normal, people):
        return torch.minimum((mean + normal * mean / torch.sqrt(mean + 1e-3)).clamp(min=0), people)

    def seen(self, t):
        return self.observations[t - 1], self.log_choose[t - 1]

    def move(self, state, noise, seen):
        (s, i), (y, log_choose) = state, seen
        for k in range(self.substeps):
            infected = self.flow(self.infection * s * i, noise[2 * k], s)
            recovered = self.flow(self.recovery * i, noise[2 * k + 1], i)
            s, i = s - infected, i + infected - recovered
        mean = i.clamp(min=1e-5)
        ratio = mean / self.size
        # log of (mean / (size + mean))^y · (size / (size + mean))^size
        log_weight = log_choose + y * torch.log(ratio / (1 + ratio)) - self.size * torch.log1p(ratio)
        return (s, i), log_weight


models = {"lgssm": Lgssm, "sir": Sir}
