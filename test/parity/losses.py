"""Losses with their gradients, Adam and the learning rate in PyTorch 2.15, for test/unit/training. Run: python losses.py > losses.json"""
import json
import torch

torch.manual_seed(0)
x = torch.cat([torch.randn(2, 3, 4, 1), torch.tensor([0.0, 100.0, -100.0, 0.5]).reshape(1, 1, 4, 1).expand(2, 1, 4, 1)], 1)
truth = torch.randn(2, 4, 4, 1)
truth[0, 0] = x[0, 0]


def case(loss):
    given = x.clone().requires_grad_()
    value = loss(given)
    value.backward()
    return {"value": value.item(), "gradient": given.grad.flatten().tolist()}


def adam():
    # One scale of gradients each: at 1e-9 a step is a tenth of what it would be without eps.
    shapes, scales = [[3, 3, 2, 4], [5], [2, 6], [7]], [1.0, 1e-4, 1e-9, 1e-12]
    values = [(0.02 * torch.randn(shape)).requires_grad_() for shape in shapes]
    start = [value.flatten().tolist() for value in values]
    optimizer = torch.optim.Adam(values, lr=2e-4, betas=(0.5, 0.999), eps=1e-8)
    steps = []
    for _ in range(4):
        for value, scale in zip(values, scales):
            value.grad = torch.randn(value.shape) * scale
        gradients = [value.grad.flatten().tolist() for value in values]
        optimizer.step()
        steps.append({"gradients": gradients, "values": [value.flatten().tolist() for value in values]})
    return {"shapes": shapes, "start": start, "steps": steps}


def rates(epochs, decay):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=2e-4)
    # The authors count epochs from 1; LambdaLR counts from 0.
    rule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1.0 - max(0, epoch + 1 - epochs) / float(decay + 1))
    found = []
    for _ in range(epochs + decay):
        found.append(rule.get_last_lr()[0])
        optimizer.step()
        rule.step()
    return {"epochs": epochs, "decayEpochs": decay, "rates": found}


bce = torch.nn.functional.binary_cross_entropy_with_logits
print(json.dumps({
    "shape": list(x.shape),
    "x": x.flatten().tolist(),
    "truth": truth.flatten().tolist(),
    "losses": {
        "leastSquares real": case(lambda v: torch.nn.functional.mse_loss(v, torch.ones_like(v))),
        "leastSquares fake": case(lambda v: 0.5 * torch.nn.functional.mse_loss(v, torch.zeros_like(v))),
        "crossEntropy real": case(lambda v: bce(v, torch.ones_like(v))),
        "crossEntropy fake": case(lambda v: 0.5 * bce(v, torch.zeros_like(v))),
        "absolute": case(lambda v: 100 * torch.nn.functional.l1_loss(v, truth)),
    },
    "adam": adam(),
    "schedule": rates(3, 4),
}))
