"""What TensorBoard's own reader finds in a folder of event files, as JSON."""

import hashlib
import json
import sys

from google.protobuf.json_format import MessageToDict
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

# 0: everything, instead of a sample of it.
accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0, "tensors": 0})
accumulator.Reload()
tags = accumulator.Tags()
json.dump(
    {
        "scalars": {
            tag: [[event.step, event.value, event.wall_time] for event in accumulator.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "images": {
            tag: [
                [event.step, event.width, event.height, hashlib.sha256(event.encoded_image_string).hexdigest()]
                for event in accumulator.Images(tag)
            ]
            for tag in tags["images"]
        },
        "hparams": {
            tag: MessageToDict(HParamsPluginData.FromString(content))
            for tag, content in accumulator.PluginTagToContent("hparams").items()
        },
    },
    sys.stdout,
)
