"""The training of bench/sde/steps.ts in PyTorch: the bound of a latent SDE on one window a step (arXiv 2312.10550), as src/sde and shaders/sde have it.

A window's nodes are encoded, mean and log variance of q are cubics between them with a slope on each side of every node; path samples are stratified over the window in antithetic pairs.
"""

import math
import os
import time

import torch
from sde_problem import LOG_2_PI, basis, basis_slope, read_problem


def mlp(layers, x):
    for layer in layers[:-1]:
        x = torch.tanh(torch.addmm(layer[0], x, layer[1:]))
    return torch.addmm(layers[-1][0], x, layers[-1][1:])


def main():
    p = read_problem()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    d, observed, pairs, repeats = p["latent"], p["observed"], p["pairs"], p["repeats"]

    bases, inputs, spans, places, values = (
        torch.as_tensor(table, device=device) for table in (p.bases, p.inputs, p.spans, p.places, p.values)
    )
    windows = p.windows.tolist()
    scale = p.scale
    strata = torch.arange(pairs, device=device)

    def terms(parts, window):
        encoder, drift, decoder, (origin, diffusion, noise) = parts
        first, intervals, first_observation, count, starts = windows[window]
        channels = mlp(encoder, inputs[first : first + intervals + 1])
        m, a, b, l, la, lb = channels.split(d, 1)
        m = m + bases[first : first + intervals + 1]

        def between(left, weights, value, right, to_left):
            w0, w1, w2, w3 = (w.unsqueeze(1) for w in weights)
            return w0 * value[left] + w1 * right[left] + w2 * value[left + 1] + w3 * to_left[left + 1]

        # Path samples.
        tau = (strata + torch.rand(pairs, device=device)) * (intervals / pairs)
        left = tau.long().clamp(max=intervals - 1)
        u = tau - left
        span = spans[first + left].unsqueeze(1)
        slope = [w / span.squeeze(1) for w in basis_slope(u)]
        mean, mean_slope = between(left, basis(u), m, a, b), between(left, slope, m, a, b)
        log_s, log_slope = between(left, basis(u), l, la, lb), between(left, slope, l, la, lb)
        eps = torch.randn(pairs, d, device=device)
        eps = torch.stack([eps, -eps], 1).view(2 * pairs, d)
        mean, mean_slope, log_s, log_slope, span = (x.repeat_interleave(2, 0) for x in (mean, mean_slope, log_s, log_slope, span))
        sd = torch.exp(0.5 * log_s)
        draws = torch.randn(p["paths"], d, device=device)
        log_d = diffusion[0] + torch.exp(diffusion[1]) * draws
        big = torch.exp(log_d)[torch.arange(2 * pairs, device=device) // 2 % p["paths"]]
        f = mlp(drift, mean + sd * eps)
        residual = mean_slope + 0.5 * log_slope * sd * eps - 0.5 * big * eps / sd - f
        path = 0.5 * (residual**2 / big * span).sum() * (0.5 * intervals / pairs)
        # Observations.
        place = places[first_observation : first_observation + count]
        left = (place[:, 0].long() - first).clamp(max=intervals - 1)
        mean, log_s = between(left, basis(place[:, 1]), m, a, b), between(left, basis(place[:, 1]), l, la, lb)
        y, known = values[first_observation : first_observation + count].unbind(2)
        if decoder:
            eps = torch.randn(count, repeats // 2, d, device=device)
            eps = torch.cat([eps, -eps], 1)
            states = mean.unsqueeze(1) + torch.exp(0.5 * log_s).unsqueeze(1) * eps
            predicted = mlp(decoder, states.view(-1, d)).view(count, repeats, observed)
            square = ((y.unsqueeze(1) - predicted) ** 2).mean(1)
        else:
            square = (y - mean[:, :observed]) ** 2 + torch.exp(log_s[:, :observed])
        likelihood = (-0.5 * known * (square * torch.exp(-noise) + noise + LOG_2_PI)).sum()
        origin_mean, origin_log = origin
        ratio = torch.exp(l[0] - origin_log)
        at_start = 0.5 * (ratio + (m[0] - origin_mean) ** 2 * torch.exp(-origin_log) - 1 - l[0] + origin_log).sum()
        prior = (math.log(3.0) - diffusion[1] - 0.5 + (torch.exp(2 * diffusion[1]) + diffusion[0] ** 2) / 18.0).sum()
        divergence = scale * (path + starts * at_start) + prior / p["numbers"]
        return scale * likelihood, divergence

    def train(steps, total):
        parts = [[torch.as_tensor(x, device=device).requires_grad_() for x in part] for part in p.start()]
        flat = [x for part in parts for x in part]
        adam = torch.optim.Adam(flat, lr=p["learning_rate"])
        order = p.order(steps)
        kept = torch.zeros((), device=device)
        for step in range(steps):
            likelihood, divergence = terms(parts, order[step])
            loss = min(1.0, (step + 1) / p["ramp"]) * divergence - likelihood
            adam.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(flat, p["most_slope"])
            rising = min(1.0, (step + 1) / max(p["warm_up"], 1))
            falling = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / total))
            adam.param_groups[0]["lr"] = p["learning_rate"] * rising * falling
            adam.step()
            if step >= steps - p.last:
                kept += (divergence - likelihood).detach()
        return (kept / p.last).item()  # waits for the device

    started = time.perf_counter()
    train(min(20, p["steps"]), p["steps"])
    prepared = time.perf_counter()
    loss = train(p["steps"], p["steps"])
    p.write_answer(
        version=torch.__version__,
        device=torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        **({} if device.type == "cuda" else {"threads": torch.get_num_threads()}),
        seconds=time.perf_counter() - prepared,
        preparation_seconds=prepared - started,
        loss=loss,
    )


main()
