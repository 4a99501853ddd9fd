"""A process of the bench: reads a request a line, answers with a JSON object a line. See ../workerProcess.ts."""

import json
import math
import os
import resource
import sys
import time
import warnings

# That NumPy is missing: nothing here needs it.
warnings.filterwarnings("ignore", message="Failed to initialize NumPy")

import torch
from steps import Training
from torch import Tensor


def main() -> None:
    plan = json.loads(sys.argv[1])
    torch.set_num_threads(plan["threads"])
    say({"idle": resident(), "version": f"PyTorch {torch.__version__}"})
    training = Training(plan, plan["backprop"] == "reversible", getattr(torch, plan["memoryFormat"]))
    pictures = plan["pictures"]
    domains = [read(pictures[domain], pictures["count"], pictures["shape"]) for domain in ("a", "b")]
    for number, line in enumerate(sys.stdin):
        a, b = (domain[number % len(domain)][None] for domain in domains)
        begun = time.perf_counter()
        if line.strip() == "step":
            training.step(a, b)
        else:
            with torch.inference_mode():
                training.generators.a_to_b(a.to(training.device).contiguous(memory_format=training.memory_format)).cpu()
        say({"seconds": time.perf_counter() - begun, "resident": resident(), "peak": peak()})


def read(file: str, count: int, shape: list[int]) -> Tensor:
    """`[count, channels, *sides]`, from a file with the channels last."""
    return torch.from_file(file, size=count * math.prod(shape)).view(count, *shape).movedim(-1, 1).contiguous()


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


main()
