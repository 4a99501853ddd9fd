"""A process of the bench that translates by onnxruntime: a request a line, a JSON object a line. See workerProcess.ts."""

import json
import os
import resource
import sys
import time

import numpy as np
import onnxruntime


def main() -> None:
    plan = json.loads(sys.argv[1])
    say({"idle": resident(), "version": f"onnxruntime {onnxruntime.__version__}"})
    # Loaded at the first request, so that idle memory is that of the program alone.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = plan["threads"]
    session = None
    images = np.fromfile(plan["pictures"]["a"], np.float32).reshape(-1, *plan["pictures"]["shape"])
    for number, _ in enumerate(sys.stdin):
        begun = time.perf_counter()
        session = session or onnxruntime.InferenceSession(plan["model"], options, ["CPUExecutionProvider"])
        image = np.ascontiguousarray(np.moveaxis(images[number % len(images)][None], -1, 1))
        session.run(["translation"], {"image": image})
        say({"seconds": time.perf_counter() - begun, "resident": resident(), "peak": peak()})


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


main()
