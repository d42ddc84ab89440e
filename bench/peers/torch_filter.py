"""Runs the filter of torch_bank.py on a problem: on CUDA where there is one, else on the CPU.

Of the ways to run it the fastest is taken, each tried once before the timed repeats: chunks of filters (the tape must fit, and on a CPU small chunks stay in its caches), and with
PyTorch 2 the time step through torch.compile.
"""

import os
import time

import torch

from problem import measure, read_request, write_answer
from torch_bank import Inputs, evaluate, evaluate_all, log_likelihood, move_and_weigh


def storage_of(tensor):
    return tensor.untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.storage()


def tape_bytes(inputs):
    """Bytes that autograd keeps for one filter: counted, by running one."""
    storages = {}

    def note(tensor):
        storage = storage_of(tensor)
        storages[storage.data_ptr()] = storage.nbytes()
        return tensor

    theta = inputs.theta[:, :1].detach().requires_grad_()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        value = log_likelihood(inputs, theta, inputs.bits[:, :1], move_and_weigh)
    storages.pop(storage_of(inputs.noise).data_ptr(), None)
    del value  # alive until here, so that no address was counted twice
    return sum(storages.values())


def free_bytes(device):
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def chunks(inputs, device):
    """Numbers of filters to try at once: the most that fit in half of the free memory; on a CPU also fewer, whose arrays stay in its caches."""
    problem = inputs.problem
    most = problem.filters
    if problem.gradient != "none":
        most = max(1, min(most, int(0.5 * free_bytes(device) / tape_bytes(inputs))))
    if device.type == "cuda":
        return [most]
    small = {max(1, particles // problem.particles) for particles in (1 << 14, 1 << 16)}
    return sorted({most} | {chunk for chunk in small if chunk < most}, reverse=True)


def fastest(inputs, device, try_compile):
    """The chunk and the step that take least time per filter, and what to say of them."""

    def run_chunk(chunk, step):
        evaluate(inputs, slice(0, chunk), step)
        synchronise(device)

    def seconds_per_filter(chunk, step):
        return measure(1, lambda: run_chunk(chunk, step))[0] / chunk

    sizes = chunks(inputs, device)
    run_chunk(sizes[-1], move_and_weigh)
    times = {chunk: seconds_per_filter(chunk, move_and_weigh) for chunk in sizes}
    chunk = min(times, key=times.get)
    note = f"{chunk} filters at once"
    if not (try_compile and hasattr(torch, "compile")):
        return chunk, move_and_weigh, f"eager, {note}"
    compiled = torch.compile(move_and_weigh, dynamic=False)
    try:
        run_chunk(chunk, compiled)
        compiled_time = seconds_per_filter(chunk, compiled)
    except Exception as error:  # no compiler here, or a limit of torch.compile: the eager time stands
        return chunk, move_and_weigh, f"eager (torch.compile failed: {type(error).__name__}), {note}"
    ratio = f"{times[chunk] / compiled_time:.2f}"
    if compiled_time < times[chunk]:
        return chunk, compiled, f"torch.compile, {ratio} times as fast as eager, {note}"
    return chunk, move_and_weigh, f"eager (torch.compile {ratio} times as fast), {note}"


def synchronise(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def device_name(device):
    """`cuda, NVIDIA H200`: the report finds CUDA by that word. PyTorch for AMD calls its device cuda too."""
    if device.type == "cpu":
        return "cpu"
    return f"{'cuda' if torch.version.cuda else 'rocm'}, {torch.cuda.get_device_name(device)}"


def to_numpy(values):
    return tuple(None if value is None else value.cpu().numpy() for value in values)


def main():
    request = read_request()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_flush_denormal(True)
    torch.set_num_threads(request.threads or len(os.sched_getaffinity(0)))
    started = time.perf_counter()
    inputs = Inputs(request.timed, device)
    chunk, step, note = fastest(inputs, device, try_compile=not request.quick)
    results = evaluate_all(inputs, chunk, step)
    check = request.check and to_numpy(evaluate_all(Inputs(request.check, device), request.check.filters, step))
    synchronise(device)
    preparation = time.perf_counter() - started

    def timed():
        evaluate_all(inputs, chunk, step)
        synchronise(device)

    facts = {
        "version": torch.__version__,
        "device": device_name(device),
        "seconds": measure(request.repeats, timed),
        "preparation_seconds": preparation,
        "note": note,
    }
    if device.type == "cpu":
        facts["threads"] = torch.get_num_threads()
    write_answer(request, facts, to_numpy(results), check)


if __name__ == "__main__":
    main()
