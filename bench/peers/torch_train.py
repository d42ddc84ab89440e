"""The training of bench/merge/speed.ts in PyTorch: all networks at once by batched products, or one after the other as the method's authors do; the loss's gradient by autograd through the score.

Loss: mean of (grad_x E(x_t, t) - (a g(x_0) - s z))^2 with E = -|NN(x, s) - x|^2 / 2 (arXiv 2406.11664). Adam, cosine rate, each network's gradient cut at its norm.
"""

import math
import os
import time

import torch
import torch.nn.functional as F
from train_problem import initial_layers, read_problem, write_answer


def dense(layer, x, s):
    """[network][batch][outputs]"""
    return torch.baddbmm(s * layer[:, :1] + layer[:, 1:2], x, layer[:, 2:])


def energy(layers, x, s):
    first = dense(layers[0], x, s)
    inside = F.silu(dense(layers[1], first, s))
    out = dense(layers[3], first + F.silu(dense(layers[2], inside, s)), s)
    return -0.5 * ((out - x) ** 2).sum()


def main():
    problem = read_problem()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    all_draws = torch.as_tensor(problem.draws, device=device)
    all_gradients = torch.as_tensor(problem.gradients, device=device)
    batch = problem.batch
    strata = torch.arange(batch, device=device).unsqueeze(0)
    start = initial_layers(problem, 1)

    def train(chosen, updates, total):
        draws, gradients = all_draws[chosen], all_gradients[chosen]
        nets, rows, d = draws.shape
        which_net = torch.arange(nets, device=device).unsqueeze(1)
        layers = [torch.tensor(layer[chosen], device=device, requires_grad=True) for layer in start]
        adam = torch.optim.Adam(layers, lr=problem.learning_rate)
        kept = torch.zeros((), device=device)
        for update in range(updates):
            row = torch.randint(rows, (nets, batch), device=device)
            # Fourth powers, as ours are where gradients are known (shaders/merge/batch.wgsl).
            t = 1e-5 + (1 - 2e-5) * ((strata + torch.rand(nets, batch, device=device)) / batch).unsqueeze(2) ** 4
            log_a = -t * (0.05 + 4.975 * t)
            a, s = torch.exp(log_a), torch.sqrt(-torch.expm1(2 * log_a))
            z = torch.randn(nets, batch, d, device=device)
            x = (a * draws[which_net, row] + s * z).requires_grad_()
            target = a * gradients[which_net, row] - s * z
            (score,) = torch.autograd.grad(energy(layers, x, s), x, create_graph=True)
            loss = ((score - target) ** 2).mean((1, 2))
            slopes = torch.autograd.grad(loss.sum(), layers)
            norm = torch.sqrt(sum((slope**2).sum((1, 2)) for slope in slopes))
            cut = (problem.most_slope / norm.clamp(min=problem.most_slope)).view(-1, 1, 1)
            for layer, slope in zip(layers, slopes):
                layer.grad = slope * cut
            adam.param_groups[0]["lr"] = problem.learning_rate * 0.5 * (1 + math.cos(math.pi * update / total))
            adam.step()
            if update >= updates - problem.last:
                kept += loss.detach().mean()
        return (kept / problem.last).item()  # waits for the device

    count = len(all_draws)
    groups = [slice(0, count)] if problem.together else [slice(net, net + 1) for net in range(count)]
    started = time.perf_counter()
    train(groups[0], min(50, problem.updates), problem.updates)
    prepared = time.perf_counter()
    loss = sum(train(group, problem.updates, problem.updates) for group in groups) / len(groups)
    write_answer(
        problem,
        version=torch.__version__,
        device=torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        **({} if device.type == "cuda" else {"threads": torch.get_num_threads()}),
        seconds=time.perf_counter() - prepared,
        preparation_seconds=prepared - started,
        loss=loss,
    )


main()
