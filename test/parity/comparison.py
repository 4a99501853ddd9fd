"""Steps of RevGAN, CycleGAN and pix2pix in PyTorch: makes fixtures/{paired,volumes-unpaired-wide,cyclegan,pix2pix-*}.

Run: python comparison.py --authors FOLDER [FIXTURE ...]

RevGAN's networks are the authors' own, imported from FOLDER, a clone of tychovdo/RevGAN at commit 2af25e6. The others are written from
their definition (Zhu 2017, Isola 2017, and models/networks.py of junyanz/pytorch-CycleGAN-and-pix2pix), with modules in that code's
order, so that weights have its names. The steps are in that code's order, too: CycleGAN's generators before its discriminators, pix2pix's
discriminator before its generator. With --exactness it also prints how far the same steps in float64 are from these. With --count it
prints how many parameters the networks have at the paper's size. With --pth it only writes the first weights of CycleGAN and pix2pix as
`.pth` files, fixtures/{cyclegan/legacy,pix2pix-unet128-batch/zip}.
"""

import argparse
import importlib
import itertools
import json
import pathlib
import sys
from collections.abc import Callable, Iterator

import nibabel
import numpy
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as nnf

CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d, nn.Conv3d, nn.ConvTranspose3d)
INSTANCE_NORMS = (nn.InstanceNorm2d, nn.InstanceNorm3d)
FIXTURES = pathlib.Path(__file__).parent / "fixtures"


def norm(kind: str, channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels) if kind == "batch" else nn.InstanceNorm2d(channels)


class Residual(nn.Module):
    """x + f(x), with f named `conv_block`."""

    def __init__(self, channels: int, kind: str) -> None:
        super().__init__()

        def conv() -> list[nn.Module]:
            return [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=kind == "instance"), norm(kind, channels)]

        self.conv_block = nn.Sequential(*conv(), nn.ReLU(), *conv())

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv_block(x)


class Resnet(nn.Module):
    """An encoder, residual blocks and a decoder as one sequence named `model`."""

    def __init__(self, inputs: int, outputs: int, ngf: int, kind: str, blocks: int) -> None:
        super().__init__()
        bias = kind == "instance"
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(inputs, ngf, 7, bias=bias), norm(kind, ngf), nn.ReLU()]
        for channels in (ngf, 2 * ngf):
            layers += [nn.Conv2d(channels, 2 * channels, 3, 2, 1, bias=bias), norm(kind, 2 * channels), nn.ReLU()]
        layers += [Residual(4 * ngf, kind) for _ in range(blocks)]
        for channels in (4 * ngf, 2 * ngf):
            layers += [nn.ConvTranspose2d(channels, channels // 2, 3, 2, 1, 1, bias=bias), norm(kind, channels // 2), nn.ReLU()]
        self.model = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(ngf, outputs, 7), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class Skip(nn.Module):
    """A level of a U-Net: halves its picture, hands it to the level below, doubles it again, and hands on its input beside that."""

    def __init__(self, outer: int, inner: int, kind: str, below: nn.Module | None) -> None:
        super().__init__()
        bias = kind == "instance"
        down = [nn.LeakyReLU(0.2), nn.Conv2d(outer, inner, 4, 2, 1, bias=bias)]
        middle = [] if below is None else [norm(kind, inner), below]
        up = [nn.ReLU(), nn.ConvTranspose2d(inner if below is None else 2 * inner, outer, 4, 2, 1, bias=bias), norm(kind, outer)]
        self.model = nn.Sequential(*down, *middle, *up)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((x, self.model(x)), 1)


class Outermost(nn.Module):
    """The first level of a U-Net: without an activation and norms, and with nothing beside its output."""

    def __init__(self, inputs: int, outputs: int, ngf: int, kind: str, below: nn.Module) -> None:
        super().__init__()
        down = nn.Conv2d(inputs, ngf, 4, 2, 1, bias=kind == "instance")
        self.model = nn.Sequential(down, below, nn.ReLU(), nn.ConvTranspose2d(2 * ngf, outputs, 4, 2, 1), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class Unet(nn.Module):
    """Levels inside each other, the outermost named `model`: 7 of them take 128 pixels to one, 8 take 256."""

    def __init__(self, inputs: int, outputs: int, ngf: int, kind: str, levels: int) -> None:
        super().__init__()
        below = None
        for level in range(levels - 1, 0, -1):
            below = Skip(ngf * min(2 ** (level - 1), 8), ngf * min(2**level, 8), kind, below)
        assert below is not None
        self.model = Outermost(inputs, outputs, ngf, kind, below)

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class PatchGan(nn.Module):
    def __init__(self, inputs: int, ndf: int, kind: str, layers: int = 3) -> None:
        super().__init__()
        stages = [nn.Conv2d(inputs, ndf, 4, 2, 1), nn.LeakyReLU(0.2)]
        channels = ndf
        for stage in range(1, layers + 1):
            outputs = ndf * min(2**stage, 8)
            stages += [nn.Conv2d(channels, outputs, 4, 2 if stage < layers else 1, 1, bias=kind == "instance"), norm(kind, outputs), nn.LeakyReLU(0.2)]
            channels = outputs
        self.model = nn.Sequential(*stages, nn.Conv2d(channels, 1, 4, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


def initialise(module: nn.Module) -> None:
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def adam(*networks: nn.Module) -> torch.optim.Adam:
    return torch.optim.Adam(itertools.chain(*(network.parameters() for network in networks)), 2e-4, (0.5, 0.999))


def least_squares(logits: Tensor, target: float) -> Tensor:
    return nnf.mse_loss(logits, torch.full_like(logits, target))


def cross_entropy(logits: Tensor, target: float) -> Tensor:
    return nnf.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


Losses = dict[str, Tensor]


class Training(nn.Module):
    """Networks by the names that their weights' names begin with, and one step of them."""

    optimizers: dict[str, torch.optim.Adam]

    def step(self, a: Tensor, b: Tensor) -> Losses:
        raise NotImplementedError

    def translated(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        raise NotImplementedError

    def update(self, which: str, loss: Tensor) -> None:
        self.optimizers[which].zero_grad()
        loss.backward()
        self.optimizers[which].step()


class CycleGan(Training):
    def __init__(self, ngf: int, ndf: int, kind: str, generator: Callable[[int, int, int, str], nn.Module]) -> None:
        super().__init__()
        self.G_A, self.G_B = generator(3, 3, ngf, kind), generator(3, 3, ngf, kind)
        self.D_A, self.D_B = PatchGan(3, ndf, kind), PatchGan(3, ndf, kind)
        self.apply(initialise)
        self.optimizers = {"G": adam(self.G_A, self.G_B), "D": adam(self.D_A, self.D_B)}

    def step(self, a: Tensor, b: Tensor) -> Losses:
        fake_b, fake_a = self.G_A(a), self.G_B(b)
        losses = {
            "G_A": least_squares(self.D_A(fake_b), 1),
            "G_B": least_squares(self.D_B(fake_a), 1),
            "cycle_A": 10 * nnf.l1_loss(self.G_B(fake_b), a),
            "cycle_B": 10 * nnf.l1_loss(self.G_A(fake_a), b),
            "idt_A": 5 * nnf.l1_loss(self.G_A(b), b),
            "idt_B": 5 * nnf.l1_loss(self.G_B(a), a),
        }
        self.update("G", sum(losses.values()))
        for name, judge, real, fake in (("D_A", self.D_A, b, fake_b), ("D_B", self.D_B, a, fake_a)):
            losses[name] = 0.5 * (least_squares(judge(real), 1) + least_squares(judge(fake.detach()), 0))
        self.update("D", losses["D_A"] + losses["D_B"])
        return losses

    def translated(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        return {"fake_B": self.G_A(a), "fake_A": self.G_B(b)}


class Pix2Pix(Training):
    def __init__(self, ngf: int, ndf: int, kind: str, generator: Callable[[int, int, int, str], nn.Module]) -> None:
        super().__init__()
        self.G, self.D = generator(3, 3, ngf, kind), PatchGan(6, ndf, kind)
        self.apply(initialise)
        self.optimizers = {"G": adam(self.G), "D": adam(self.D)}

    def step(self, a: Tensor, b: Tensor) -> Losses:
        fake = self.G(a)
        losses = {
            "D_fake": cross_entropy(self.D(torch.cat((a, fake.detach()), 1)), 0),
            "D_real": cross_entropy(self.D(torch.cat((a, b), 1)), 1),
        }
        self.update("D", 0.5 * (losses["D_fake"] + losses["D_real"]))
        losses["G_GAN"] = cross_entropy(self.D(torch.cat((a, fake), 1)), 1)
        losses["G_L1"] = 100 * nnf.l1_loss(fake, b)
        self.update("G", losses["G_GAN"] + losses["G_L1"])
        return losses

    def translated(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        return {"fake_B": self.G(a)}


class PairedRevgan(Training):
    """The authors' own networks, storing what they compute; their code ends a discriminator with its sigmoid, which is in the loss here."""

    def __init__(self, ngf: int, ndf: int, blocks: int) -> None:
        super().__init__()
        networks = importlib.import_module("models.networks")
        generator, norm = f"resnet_{blocks}blocks", "instance"
        self.G_A_enc = networks.define_G_enc(3, 3, ngf, generator, norm)
        self.G_core = networks.define_G_core(3, 3, ngf, generator, norm, use_naive=True, invertible=True)
        self.G_A_dec = networks.define_G_dec(3, 3, ngf, generator, norm)
        self.G_B_enc = networks.define_G_enc(3, 3, ngf, generator, norm)
        self.G_B_dec = networks.define_G_dec(3, 3, ngf, generator, norm)
        self.D_AB, self.D_BA = (networks.define_D(6, ndf, "basic", norm=norm) for _ in range(2))
        generators = (self.G_A_enc, self.G_A_dec, self.G_core, self.G_B_enc, self.G_B_dec)
        self.optimizers = {"G": adam(*generators), "D": adam(self.D_AB, self.D_BA)}

    def a_to_b(self, a: Tensor) -> Tensor:
        return self.G_A_dec(self.G_core(self.G_A_enc(a)))

    def b_to_a(self, b: Tensor) -> Tensor:
        return self.G_B_dec(self.G_core(self.G_B_enc(b), inverse=True))

    def step(self, a: Tensor, b: Tensor) -> Losses:
        fake_b, fake_a = self.a_to_b(a), self.b_to_a(b)
        losses = {
            "G_AB": cross_entropy(self.D_AB(torch.cat((a, fake_b), 1)), 1),
            "G_BA": cross_entropy(self.D_BA(torch.cat((b, fake_a), 1)), 1),
            "G_L1_A": 100 * nnf.l1_loss(fake_a, a),
            "G_L1_B": 100 * nnf.l1_loss(fake_b, b),
        }
        self.update("G", sum(losses.values()))
        for name, judge, source, real, fake in (("D_AB", self.D_AB, a, b, fake_b), ("D_BA", self.D_BA, b, a, fake_a)):
            made = cross_entropy(judge(torch.cat((source, fake.detach()), 1)), 0)
            losses[name] = made + cross_entropy(judge(torch.cat((source, real), 1)), 1)
        self.update("D", 0.5 * (losses["D_AB"] + losses["D_BA"]))
        return losses

    def translated(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        fake_b, fake_a = self.a_to_b(a), self.b_to_a(b)
        return {"fake_B": fake_b, "fake_A": fake_a, "rec_A": self.b_to_a(fake_b), "rec_B": self.a_to_b(fake_a)}


class UnpairedVolumes(Training):
    """The authors' own generator for volumes, storing what it computes, and their discriminators of two layers."""

    def __init__(self, ngf: int, ndf: int, blocks: int) -> None:
        super().__init__()
        networks = importlib.import_module("models.networks3d")
        self.G = networks.define_G(1, 1, ngf, f"edsrF_{blocks}", use_naive=True)
        self.D_A, self.D_B = (networks.define_D(1, ndf, "basic", norm="instance") for _ in range(2))
        # Their zeros would leave the gradients of everything in front of them at zero.
        for module in self.G.modules():
            if isinstance(module, networks.ZeroInit):
                nn.init.normal_(module.weight, 0.0, 0.05)
                nn.init.normal_(module.bias, 0.0, 0.05)
        self.optimizers = {"G": adam(self.G), "D": adam(self.D_A, self.D_B)}

    def step(self, a: Tensor, b: Tensor) -> Losses:
        made = self.translated(a, b)
        losses = {
            "G_A": least_squares(self.D_A(made["fake_B"]), 1),
            "G_B": least_squares(self.D_B(made["fake_A"]), 1),
            "cycle_A": 10 * nnf.l1_loss(made["rec_A"], a),
            "cycle_B": 10 * nnf.l1_loss(made["rec_B"], b),
        }
        self.update("G", sum(losses.values()))
        for name, judge, real, fake in (("D_A", self.D_A, b, made["fake_B"]), ("D_B", self.D_B, a, made["fake_A"])):
            losses[name] = 0.5 * (least_squares(judge(real), 1) + least_squares(judge(fake.detach()), 0))
        self.update("D", losses["D_A"] + losses["D_B"])
        return losses

    def translated(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        fake_b, fake_a = self.G(a), self.G(b, inverse=True)
        return {"fake_B": fake_b, "fake_A": fake_a, "rec_A": self.G(fake_b, inverse=True), "rec_B": self.G(fake_a)}


def resnet(blocks: int) -> Callable[[int, int, int, str], nn.Module]:
    return lambda *sizes: Resnet(*sizes, blocks)


def unet(levels: int) -> Callable[[int, int, int, str], nn.Module]:
    return lambda *sizes: Unet(*sizes, levels)


PLANS: dict[str, dict] = {
    "paired": {"kind": "revgan", "ngf": 8, "ndf": 8, "blocks": 3, "data": "paired", "seed": 32, "steps": 3},
    "volumes-unpaired-wide": {"kind": "revgan", "dimensions": 3, "ngf": 32, "ndf": 6, "blocks": 1, "inputChannels": 1, "outputChannels": 1, "intensity": {"kind": "window", "low": -1, "high": 1}, "data": "volumes-unpaired-wide", "seed": 630, "steps": 2},
    "cyclegan": {"kind": "cyclegan", "generator": "resnet", "norm": "instance", "ngf": 4, "ndf": 4, "blocks": 2, "data": "unpaired", "seed": 12, "steps": 3},
    "pix2pix-resnet": {"kind": "pix2pix", "generator": "resnet", "norm": "instance", "ngf": 4, "ndf": 4, "blocks": 2, "data": "paired", "seed": 5, "steps": 3},
    "pix2pix-resnet-batch": {"kind": "pix2pix", "generator": "resnet", "norm": "batch", "ngf": 4, "ndf": 4, "blocks": 2, "data": "paired", "seed": 1, "steps": 3},
    "pix2pix-unet128": {"kind": "pix2pix", "generator": "unet128", "norm": "instance", "ngf": 2, "ndf": 4, "data": "paired-128", "seed": 1, "steps": 3},
    "pix2pix-unet128-batch": {"kind": "pix2pix", "generator": "unet128", "norm": "batch", "ngf": 2, "ndf": 4, "data": "paired-128", "seed": 1, "steps": 3},
}


SAVED = {"cyclegan": "legacy", "pix2pix-unet128-batch": "zip"}


def build(plan: dict) -> Training:
    torch.manual_seed(plan["seed"])
    if plan["kind"] == "revgan":
        return (UnpairedVolumes if plan.get("dimensions") == 3 else PairedRevgan)(plan["ngf"], plan["ndf"], plan["blocks"])
    generator = resnet(plan["blocks"]) if plan["generator"] == "resnet" else unet(7)
    make = CycleGan if plan["kind"] == "cyclegan" else Pix2Pix
    return make(plan["ngf"], plan["ndf"], plan["norm"], generator)


def picture(file: pathlib.Path) -> Tensor:
    """[1, channels, height, width], or [1, 1, depth, height, width] of a volume that has values from -1 to 1."""
    if file.suffix == ".nii":
        return torch.from_numpy(nibabel.load(file).get_fdata(dtype=numpy.float32)).permute(2, 1, 0).contiguous()[None, None]
    pixels = numpy.asarray(Image.open(file).convert("RGB"), dtype=numpy.float32)
    return torch.from_numpy(pixels).permute(2, 0, 1)[None] / 127.5 - 1


def pictures(plan: dict) -> pathlib.Path:
    return FIXTURES / plan["data"] / "data"


def batches(data: pathlib.Path) -> Iterator[tuple[Tensor, Tensor]]:
    if (data / "trainA").exists():
        sides = [[picture(file) for file in sorted((data / f"train{domain}").iterdir())] for domain in "AB"]
        yield from zip(*sides)
        return
    for file in sorted((data / "train").iterdir()):
        yield tuple(picture(file).chunk(2, 3))


def weights(training: Training) -> dict[str, Tensor]:
    """As PyTorch names them, with the statistics of batch norms; instance norms have no use for theirs."""
    norms = [name for name, module in training.named_modules() if isinstance(module, nn.BatchNorm2d)]
    statistics = {f"{name}.{which}" for name in norms for which in ("running_mean", "running_var")}
    kept = statistics | {name for name, _ in training.named_parameters()}
    return {name: value.detach().clone().float().contiguous() for name, value in training.state_dict().items() if name in kept}


def idle(training: Training) -> list[str]:
    """Biases that the instance norm behind them takes away again."""
    names = []
    for name, module in training.named_modules():
        if isinstance(module, nn.Sequential):
            for i, (one, following) in enumerate(itertools.pairwise(module)):
                if isinstance(one, CONVOLUTIONS) and isinstance(following, INSTANCE_NORMS):
                    names.append(f"{name}.{i}.bias")
    return sorted(names)


def gradients(training: Training) -> dict[str, Tensor]:
    """As the optimisers got them, after the first step: Adam's first moment is then (1 - beta1) of each."""
    moments = {parameter: state["exp_avg"] for adam in training.optimizers.values() for parameter, state in adam.state.items()}
    return {name: (moments[parameter] / 0.5).contiguous() for name, parameter in training.named_parameters()}


def run(training: Training, plan: dict, dtype: torch.dtype) -> tuple[list[dict[str, float]], dict[str, Tensor]]:
    """The losses of each step, and the gradients of the first."""
    training.to(dtype)
    losses, first = [], {}
    for a, b in itertools.islice(batches(pictures(plan)), plan["steps"]):
        losses.append({name: loss.item() for name, loss in training.step(a.to(dtype), b.to(dtype)).items()})
        first = first or gradients(training)
    return losses, first


def make(name: str) -> None:
    plan = PLANS[name]
    folder = FIXTURES / name
    folder.mkdir(exist_ok=True)
    training = build(plan)
    save_file(weights(training), folder / "init.safetensors")
    losses, first = run(training, plan, torch.float32)
    save_file(first, folder / "gradients.safetensors")
    save_file(weights(training), folder / "final.safetensors")
    with torch.no_grad():
        # As the authors' test.py runs them by default: norms with the picture's own statistics.
        translated = training.translated(*next(batches(pictures(plan))))
    save_file({key: value.contiguous() for key, value in translated.items()}, folder / "translated.safetensors")
    expected = {"config": plan, "losses": losses}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def exactness(name: str) -> None:
    plan = PLANS[name]
    single, double = build(plan), build(plan)
    start, ignored = weights(single), idle(single)
    losses, first = zip(run(single, plan, torch.float32), run(double, plan, torch.float64))
    updates = [{key: value - start[key] for key, value in weights(training).items()} for training in (single, double)]

    def worst(ours: dict[str, Tensor], truth: dict[str, Tensor]) -> str:
        errors = {key: ((ours[key] - truth[key]).norm() / truth[key].norm()).item() for key in truth if key not in ignored}
        name = max(errors, key=errors.__getitem__)
        return f"{errors[name]:.1e} ({name})"

    steps = [max(abs(one[key] / two[key] - 1) for key in one) for one, two in zip(*losses)]
    print(f"{name}: gradients {worst(*first)}, losses {' '.join(f'{step:.0e}' for step in steps)}, updates {worst(*updates)}")


def save_networks(name: str) -> None:
    """The first weights as the authors' code saves them: a file a network, in the format of PyTorch 1.6 and later (zip), or in that before."""
    folder = FIXTURES / name / SAVED[name]
    folder.mkdir(exist_ok=True)
    for network, module in build(PLANS[name]).named_children():
        torch.save(module.state_dict(), folder / f"latest_net_{network}.pth", _use_new_zipfile_serialization=SAVED[name] == "zip")


def double_pictures() -> None:
    """The pairs of `paired` at 128², each pixel four times: for U-Nets."""
    folder = FIXTURES / "paired-128" / "data" / "train"
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((FIXTURES / "paired" / "data" / "train").iterdir())[: PLANS["pix2pix-unet128"]["steps"]]:
        small = Image.open(file).convert("RGB")
        small.resize((2 * small.width, 2 * small.height), Image.Resampling.NEAREST).save(folder / file.name, optimize=True)


def count() -> None:
    networks = {
        "CycleGAN, 9 blocks": lambda kind: nn.ModuleList([Resnet(3, 3, 64, kind, 9) for _ in range(2)]),
        "pix2pix, 9 blocks": lambda kind: Resnet(3, 3, 64, kind, 9),
        "unet128": lambda kind: Unet(3, 3, 64, kind, 7),
        "unet256": lambda kind: Unet(3, 3, 64, kind, 8),
        "discriminator of 3 channels": lambda kind: PatchGan(3, 64, kind),
        "discriminator of 6 channels": lambda kind: PatchGan(6, 64, kind),
    }
    for (name, network), kind in itertools.product(networks.items(), ("instance", "batch")):
        print(f"{name}, {kind} norm: {sum(parameter.numel() for parameter in network(kind).parameters()):,}")


parser = argparse.ArgumentParser()
parser.add_argument("fixtures", nargs="*", default=list(PLANS))
parser.add_argument("--authors", help="a clone of tychovdo/RevGAN at commit 2af25e6, which `paired` and `volumes-unpaired-wide` need")
parser.add_argument("--exactness", action="store_true")
parser.add_argument("--count", action="store_true")
parser.add_argument("--pth", action="store_true")
given = parser.parse_args()
if given.authors:
    sys.path.append(given.authors)
if given.count:
    count()
elif given.pth:
    for fixture in SAVED:
        save_networks(fixture)
else:
    double_pictures()
    for fixture in given.fixtures:
        make(fixture)
        if given.exactness:
            exactness(fixture)
