"""Writes small files as `torch.save` writes them, into `pytorch/`: `python test/data/pytorchFiles.py`.

Needs PyTorch (2.15.0 was used).
"""

from collections import OrderedDict
from pathlib import Path

import torch

here = Path(__file__).parent / "pytorch"


def numbers(*shape, dtype=torch.float32):
    """-2, -1.75, -1.5 and so on, which every floating type holds exactly."""
    return (torch.arange(torch.Size(shape).numel()).reshape(shape) / 4 - 2).to(dtype)


types = OrderedDict(
    float=numbers(2, 3),
    half=numbers(5, dtype=torch.float16),
    bfloat=numbers(5, dtype=torch.bfloat16),
    double=numbers(5, dtype=torch.float64),
    count=torch.tensor(7),
    empty=torch.zeros(0, 3),
    transposed=numbers(2, 3).t(),
    permuted=numbers(2, 3, 4).permute(2, 0, 1),
    part=numbers(4, 6)[1:3, 1::2],
    parameter=torch.nn.Parameter(numbers(3)),
)
torch.save(types, here / "types.pth")
torch.save(types, here / "types-legacy.pth", _use_new_zipfile_serialization=False)
torch.save(types, here / "types-protocol-4.pth", pickle_protocol=4)

network = torch.nn.Linear(2, 2)
with torch.no_grad():
    network.weight.copy_(numbers(2, 2))
    network.bias.copy_(numbers(2))
optimizer = torch.optim.Adam(network.parameters())
network(torch.ones(1, 2)).sum().backward()
state = network.state_dict()
for wrapper in ("state_dict", "model"):
    checkpoint = {"epoch": 3, "loss": 0.5, wrapper: state, "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, here / f"checkpoint-{wrapper}.pth")
torch.save({"model": state, "state_dict": state}, here / "checkpoint-both.pth")
torch.save(network, here / "network.pth")
torch.save({"one": types["float"], "other": types["float"]}, here / "shared.pth")
