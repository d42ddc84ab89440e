"""The training of bench/sde/steps.ts in PyTorch: the bound of a latent SDE on one window a step (arXiv 2312.10550), as src/sde and shaders/sde have it.

A window's nodes are encoded, mean and log variance of q are cubics between them with a slope on each side of every node; path samples are stratified over the window in antithetic pairs.
"""

import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch

LOG_2_PI = math.log(2 * math.pi)


def layers_of(widths, last, generator):
    """[inputs + 1][outputs]: bias, then normal weights of variance 1/inputs, cut at two sds; the last layer `last` times as large."""
    layers = []
    for n, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        z = generator.standard_normal((inputs, outputs))
        while (far := np.abs(z) > 2).any():
            z[far] = generator.standard_normal(far.sum())
        scale = (last if n == len(widths) - 2 else 1.0) / (0.87962566 * math.sqrt(inputs))
        layers.append(np.vstack([np.zeros((1, outputs)), scale * z]).astype(np.float32))
    return layers


def mlp(layers, x):
    for layer in layers[:-1]:
        x = torch.tanh(torch.addmm(layer[0], x, layer[1:]))
    return torch.addmm(layers[-1][0], x, layers[-1][1:])


def basis(u):
    right = u * u * (3 - 2 * u)
    return 1 - right, u * (1 - u) ** 2, right, u * u * (u - 1)


def basis_slope(u):
    right = 6 * u * (1 - u)
    return -right, (1 - u) * (1 - 3 * u), right, u * (3 * u - 2)


def main():
    folder = Path(sys.argv[1])
    p = json.loads((folder / "request.json").read_text())
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    d, observed, pairs, repeats = p["latent"], p["observed"], p["pairs"], p["repeats"]

    def table(name, *shape):
        return torch.as_tensor(np.fromfile(folder / f"{name}.f32", dtype="<f4").reshape(-1, *shape), device=device)

    bases = table("bases", d)
    inputs = table("inputs", np.fromfile(folder / "inputs.f32", dtype="<f4").size // len(bases))
    spans = table("spans")
    places = table("places", 2)
    values = table("values", observed, 2)
    windows = np.fromfile(folder / "windows.f32", dtype="<f4").reshape(-1, 5).astype(np.int64).tolist()
    scale = len(windows) / p["numbers"]
    strata = torch.arange(pairs, device=device)

    def start():
        generator = np.random.default_rng(1)
        encoder = layers_of([inputs.shape[1], *p["encoder"], 6 * d], 0.01, generator)
        encoder[-1][0, 3 * d : 4 * d] = math.log(0.01)
        drift = layers_of([d, *p["drift"], d], 0.1, generator)
        decoder = layers_of([d, *p["decoder"], observed], 1.0, generator) if "decoder" in p else []
        free = [
            np.zeros((2, d), np.float32),  # mean and log variance where a series begins
            np.array([[0.0] * d, [math.log(0.1)] * d], np.float32),  # of log D
            np.full(observed, math.log(0.1), np.float32),  # log variance of the noise
        ]
        parts = [encoder, drift, decoder, free]
        return [[torch.as_tensor(x, device=device).requires_grad_() for x in part] for part in parts]

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
        big = torch.exp(log_d)[torch.arange(2 * pairs, device=device) % p["paths"]]
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
        parts = start()
        flat = [x for part in parts for x in part]
        adam = torch.optim.Adam(flat, lr=p["learning_rate"])
        order = np.random.default_rng(2).integers(len(windows), size=steps)
        last = max(1, total // 20)
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
            if step >= steps - last:
                kept += (divergence - likelihood).detach()
        return (kept / last).item()  # waits for the device

    started = time.perf_counter()
    train(min(20, p["steps"]), p["steps"])
    prepared = time.perf_counter()
    loss = train(p["steps"], p["steps"])
    answer = {
        "version": torch.__version__,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        **({} if device.type == "cuda" else {"threads": torch.get_num_threads()}),
        "seconds": time.perf_counter() - prepared,
        "preparation_seconds": prepared - started,
        "loss": loss,
    }
    (folder / "answer.json").write_text(json.dumps(answer))


main()
