"""RevGAN in PyTorch, written as fast as PyTorch goes: the peer that our trainer is measured against.

The networks are those of the authors' code (PAPER: van der Ouderaa and Worrall, CVPR 2019). Biases in front of an instance norm
have no effect and are left out, which spares PyTorch their time. The invertible core is one autograd function that keeps only its
output and runs F and G once in its backward pass; with `reversible=False` autograd stores everything.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf


class Kind:
    """What the authors' networks for images and for volumes are made of."""

    def __init__(self, dimensions: int) -> None:
        solid = dimensions == 3
        self.solid = solid
        self.conv = nn.Conv3d if solid else nn.Conv2d
        self.transposed = nn.ConvTranspose3d if solid else nn.ConvTranspose2d
        self.pad = nn.ReplicationPad3d if solid else nn.ReflectionPad2d
        # Elements around a picture in front of the first and the last convolution.
        self.rim = 2 if solid else 3


class InstanceNorm(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return nnf.instance_norm(x, eps=1e-5)


def encoder(kind: Kind, inputs: int, width: int, downsampling: int) -> nn.Sequential:
    layers = [kind.pad(kind.rim), kind.conv(inputs, width, 2 * kind.rim + 1, bias=False), InstanceNorm(), nn.ReLU(True)]
    for stage in range(downsampling):
        channels = width * 2**stage
        layers += [kind.conv(channels, 2 * channels, 3, 2, 1, bias=False), InstanceNorm(), nn.ReLU(True)]
    return nn.Sequential(*layers)


def decoder(kind: Kind, outputs: int, width: int, downsampling: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for stage in range(downsampling, 0, -1):
        channels = width * 2**stage
        layers += [kind.transposed(channels, channels // 2, 3, 2, 1, 1, bias=False), InstanceNorm(), nn.ReLU(True)]
    return nn.Sequential(*layers, kind.pad(kind.rim), kind.conv(width, outputs, 2 * kind.rim + 1), nn.Tanh())


def residual(kind: Kind, half: int) -> nn.Sequential:
    def conv(bias: bool) -> list[nn.Module]:
        return [kind.pad(1), kind.conv(half, half, 3, bias=bias)]

    if not kind.solid:
        return nn.Sequential(*conv(False), InstanceNorm(), nn.ReLU(True), *conv(False), InstanceNorm())
    # A core of volumes begins as the identity.
    layers = nn.Sequential(InstanceNorm(), *conv(False), InstanceNorm(), nn.ReLU(True), *conv(True))
    layers[-1].starts_at_zero = True
    return layers


def discriminator(kind: Kind, inputs: int, width: int, layers: int) -> nn.Sequential:
    stages = [kind.conv(inputs, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    channels = width
    for stage in range(1, layers + 1):
        outputs = width * min(2**stage, 8)
        stages += [kind.conv(channels, outputs, 4, 2 if stage < layers else 1, 1, bias=False), InstanceNorm(), nn.LeakyReLU(0.2, True)]
        channels = outputs
    return nn.Sequential(*stages, kind.conv(channels, 1, 4, 1, 1))


class Walk(torch.autograd.Function):
    """The core, run one way. Equations 6 to 9 of the paper; the other way is the same couplings, undone from last to first."""

    @staticmethod
    def forward(ctx, x: Tensor, couplings: list[nn.Module], sign: int) -> Tensor:
        ctx.couplings, ctx.sign = couplings, sign
        changed, read = (half.contiguous(memory_format=layout(x)) for half in x.chunk(2, 1))
        for coupling in couplings:
            changed, read = read, changed + sign * coupling(read)
        y = torch.cat((changed, read), 1)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy: Tensor):
        (y,) = ctx.saved_tensors
        like = layout(y)
        changed, read = (half.contiguous(memory_format=like) for half in y.chunk(2, 1))
        dchanged, dread = (half.contiguous(memory_format=like) for half in dy.chunk(2, 1))
        # After a coupling `changed` is the half that it read, and `read` the half that it changed.
        for coupling in reversed(ctx.couplings):
            with torch.enable_grad():
                source = changed.detach().requires_grad_()
                step = coupling(source)
            torch.autograd.backward(step, ctx.sign * dread)
            with torch.no_grad():
                changed, read = read - ctx.sign * step, changed
                dchanged, dread = dread, dchanged + source.grad
        return torch.cat((dchanged, dread), 1), None, None


def layout(x: Tensor) -> torch.memory_format:
    channels_last = torch.channels_last_3d if x.dim() == 5 else torch.channels_last
    return channels_last if x.is_contiguous(memory_format=channels_last) and not x.is_contiguous() else torch.contiguous_format


class Core(nn.Module):
    def __init__(self, kind: Kind, depth: int, channels: int, reversible: bool) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(residual(kind, channels // 2) for _ in range(2 * depth))
        self.reversible = reversible

    def run(self, x: Tensor, forwards: bool) -> Tensor:
        couplings, sign = (list(self.couplings), 1) if forwards else (list(reversed(self.couplings)), -1)
        # Backwards the second half of the channels is changed first.
        x = x if forwards else swapped(x)
        if self.reversible:
            y = Walk.apply(x, couplings, sign)
        else:
            changed, read = x.chunk(2, 1)
            for coupling in couplings:
                changed, read = read, changed + sign * coupling(read)
            y = torch.cat((changed, read), 1)
        return y if forwards else swapped(y)


def swapped(x: Tensor) -> Tensor:
    first, second = x.chunk(2, 1)
    return torch.cat((second, first), 1)


class Generators(nn.Module):
    """Both translations, which share one core."""

    def __init__(self, kind: Kind, channels: int, depth: int, width: int, downsampling: int, reversible: bool) -> None:
        super().__init__()
        self.a_enc, self.b_enc = (encoder(kind, channels, width, downsampling) for _ in range(2))
        self.a_dec, self.b_dec = (decoder(kind, channels, width, downsampling) for _ in range(2))
        self.core = Core(kind, depth, width * 2**downsampling, reversible)

    def a_to_b(self, a: Tensor) -> Tensor:
        return self.a_dec(self.core.run(self.a_enc(a), True))

    def b_to_a(self, b: Tensor) -> Tensor:
        return self.b_dec(self.core.run(self.b_enc(b), False))


def initialise(module: nn.Module) -> None:
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Conv3d, nn.ConvTranspose3d)):
        nn.init.normal_(module.weight, 0.0, 0.0 if getattr(module, "starts_at_zero", False) else 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
