"""The objectives and one training step of each, in the authors' order: generators, then discriminators."""

import random

import torch
from networks import Generators, Kind, discriminator, initialise
from torch import Tensor, nn
from torch.nn import functional as nnf

POOL = 50


class Training:
    def __init__(self, plan: dict, reversible: bool, memory_format: torch.memory_format) -> None:
        torch.manual_seed(0)
        self.paired = plan["mode"] == "paired"
        kind = Kind(plan["dimensions"])
        self.identity = plan["dimensions"] == 2
        channels = plan["pictures"]["shape"][-1]
        self.memory_format = memory_format
        self.device = torch.device(plan["device"])
        self.generators = Generators(kind, channels, plan["depth"], plan["width"], plan["downsampling"], reversible)
        judge = (kind, 2 * channels if self.paired else channels, plan["discriminatorWidth"], plan["discriminatorLayers"])
        self.judges = nn.ModuleList(discriminator(*judge) for _ in range(2))
        for part in (self.generators, self.judges):
            part.apply(initialise).to(self.device, memory_format=memory_format)
        self.optimizers = [torch.optim.Adam(part.parameters(), 2e-4, (0.5, 0.999), fused=True) for part in (self.generators, self.judges)]
        self.pools: tuple[list[Tensor], list[Tensor]] = ([], [])

    def step(self, a: Tensor, b: Tensor) -> dict[str, float]:
        a, b = (x.to(self.device).contiguous(memory_format=self.memory_format) for x in (a, b))
        losses = self.paired_step(a, b) if self.paired else self.unpaired_step(a, b)
        return {name: loss.item() for name, loss in losses.items()}

    def unpaired_step(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        g = self.generators
        judge_b, judge_a = self.judges
        self.judges.requires_grad_(False)
        fake_b, fake_a = g.a_to_b(a), g.b_to_a(b)
        rec_a, rec_b = g.b_to_a(fake_b), g.a_to_b(fake_a)
        losses = {
            "G_A": least_squares(judge_b(fake_b), 1),
            "G_B": least_squares(judge_a(fake_a), 1),
            "cycle_A": 10 * nnf.l1_loss(rec_a, a),
            "cycle_B": 10 * nnf.l1_loss(rec_b, b),
        }
        if self.identity:
            losses["idt_A"] = 5 * nnf.l1_loss(g.a_to_b(b), b)
            losses["idt_B"] = 5 * nnf.l1_loss(g.b_to_a(a), a)
        self.update(0, sum(losses.values()))
        self.judges.requires_grad_(True)
        losses["D_A"] = judging(judge_b, b, self.pooled(0, fake_b.detach()))
        losses["D_B"] = judging(judge_a, a, self.pooled(1, fake_a.detach()))
        self.update(1, losses["D_A"], losses["D_B"])
        return losses

    def paired_step(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        judge_b, judge_a = self.judges
        self.judges.requires_grad_(False)
        fake_b, fake_a = self.generators.a_to_b(a), self.generators.b_to_a(b)
        losses = {
            "G_AB": cross_entropy(judge_b(torch.cat((a, fake_b), 1)), 1),
            "G_BA": cross_entropy(judge_a(torch.cat((b, fake_a), 1)), 1),
            "G_L1_A": 100 * nnf.l1_loss(fake_a, a),
            "G_L1_B": 100 * nnf.l1_loss(fake_b, b),
        }
        self.update(0, sum(losses.values()))
        self.judges.requires_grad_(True)
        for name, judge, source, truth, fake in (("D_AB", judge_b, a, b, fake_b), ("D_BA", judge_a, b, a, fake_a)):
            real = cross_entropy(judge(torch.cat((source, truth), 1)), 1)
            losses[name] = real + cross_entropy(judge(torch.cat((source, fake.detach()), 1)), 0)
        self.update(1, 0.5 * (losses["D_AB"] + losses["D_BA"]))
        return losses

    def update(self, which: int, *losses: Tensor) -> None:
        self.optimizers[which].zero_grad(set_to_none=True)
        for loss in losses:
            loss.backward()
        self.optimizers[which].step()

    def pooled(self, which: int, fake: Tensor) -> Tensor:
        pool = self.pools[which]
        if len(pool) < POOL:
            pool.append(fake)
            return fake
        if random.random() < 0.5:
            return fake
        place = random.randrange(POOL)
        older, pool[place] = pool[place], fake
        return older


def least_squares(logits: Tensor, target: float) -> Tensor:
    return nnf.mse_loss(logits, torch.full_like(logits, target))


def cross_entropy(logits: Tensor, target: float) -> Tensor:
    return nnf.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def judging(judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (least_squares(judge(real), 1) + least_squares(judge(fake), 0))
