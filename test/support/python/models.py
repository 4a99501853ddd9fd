"""Checks models by ONNX's own checker and shape inference, and runs them by onnxruntime.

Reads a list of jobs as JSON: {"model": file, "runs": [{"input": file, "shape": [n, c, ...], "output": file}]}, with arrays of float32 in
files. An input whose sides the model does not take is padded by reflection, and its output cut back. Writes what it has seen as JSON:
[{"opset": number, "unknown": values without a type or a rank, "dims": of input and output}].
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx.shape_inference import infer_shapes


def seen(job: dict) -> dict:
    model = onnx.load(job["model"])
    onnx.checker.check_model(model, full_check=True)
    graph = infer_shapes(model, check_type=True, strict_mode=True, data_prop=True).graph
    typed = {value.name for value in [*graph.value_info, *graph.output] if value.type.tensor_type.HasField("shape")}
    session = onnxruntime.InferenceSession(job["model"], providers=["CPUExecutionProvider"])
    for run in job["runs"]:
        image = np.fromfile(run["input"], np.float32).reshape(run["shape"])
        translated(session, image).tofile(run["output"])
    return {
        "opset": model.opset_import[0].version,
        "unknown": [name for node in graph.node for name in node.output if name not in typed],
        "dims": [(value.name, value.shape) for value in [*session.get_inputs(), *session.get_outputs()]],
    }


def translated(session: onnxruntime.InferenceSession, image: np.ndarray) -> np.ndarray:
    metadata = session.get_modelmeta().custom_metadata_map
    multiple, smallest = int(metadata["multiple"]), int(metadata["smallest"])
    sides = image.shape[2:]
    ends = [(0, max(smallest, -(-side // multiple) * multiple) - side) for side in sides]
    padded = np.pad(image, [(0, 0), (0, 0), *ends], mode="reflect")
    (translation,) = session.run(["translation"], {"image": padded})
    return np.ascontiguousarray(translation[(..., *map(slice, sides))])


json.dump([seen(job) for job in json.load(sys.stdin)], sys.stdout)
