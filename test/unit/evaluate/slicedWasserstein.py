"""Writes slicedWasserstein.json: distances between sets of pictures by numpy, for slicedWasserstein.test.ts.

    pip install numpy pillow && python3 test/unit/evaluate/slicedWasserstein.py

The sets are halves of the bundled samples, on the left tissue and on the right label maps, some of them cut. The definition is in the
comment of extension/trainer/evaluate/slicedWasserstein.ts; the random numbers are those of extension/trainer/random.ts.
"""
import json
import math
from pathlib import Path

import numpy as np
from PIL import Image

here = Path(__file__).parent
samples = here.parents[2] / "media" / "samples" / "nuclei-labels" / "train"
mask = 0xFFFFFFFF
patch_side, patch_count, direction_count, scale_count = 7, 2048, 64, 3


def murmur3(words, start):
    h = start
    for word in words:
        mixed = (word * 0xCC9E2D51) & mask
        mixed = ((mixed << 15) | (mixed >> 17)) & mask
        h ^= (mixed * 0x1B873593) & mask
        h = ((h << 13) | (h >> 19)) & mask
        h = (h * 5 + 0xE6546B64) & mask
    h ^= 4 * len(words)
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & mask
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & mask
    return h ^ (h >> 16)


class Random:
    """The numbers of random(0, stream, ...counters)."""

    def __init__(self, stream, *counters):
        words = [len(stream), *map(ord, stream)]
        for number in (0, *counters):
            words += [number & mask, number >> 32]
        self.state = [murmur3(words, start) for start in (0x9E3779B9, 0x243F6A88, 0xB7E15162, 0x5A827999)]
        self.spare = None
        for _ in range(12):
            self.word()

    def word(self):
        a, b, c, counter = self.state
        total = (a + b + counter) & mask
        rotated = ((c << 21) | (c >> 11)) & mask
        self.state = [b ^ (b >> 9), (c + (c << 3)) & mask, (rotated + total) & mask, (counter + 1) & mask]
        return total

    def uniform(self):
        return ((self.word() >> 5) * 0x4000000 + (self.word() >> 6)) / 2**53

    def integer(self, n):
        return math.floor(self.uniform() * n)

    def normal(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            x, y = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            square = x * x + y * y
            if 0 < square < 1:
                scale = math.sqrt(-2 * math.log(square) / square)
                self.spare = y * scale
                return x * scale


def whole(x):
    return math.floor(x + 0.5)


def pyramid(picture):
    levels = []
    for _ in range(scale_count - 1):
        h, w = picture.shape[0] // 2, picture.shape[1] // 2
        even = picture[: 2 * h, : 2 * w]
        coarser = even.reshape(h, 2, w, 2, -1).mean((1, 3))
        levels.append(even - coarser.repeat(2, 0).repeat(2, 1))
        picture = coarser
    return [*levels, picture]


def slices(image):
    if image.ndim == 3:
        return [image]
    count = min(len(image), 8)
    return [image[math.floor((i + 0.5) * len(image) / count)] for i in range(count)]


def projections(images):
    """[scales, directions, patches], ascending along the last axis."""
    patches = [[] for _ in range(scale_count)]
    for index, image in enumerate(images):
        wanted = whole((index + 1) * patch_count / len(images)) - whole(index * patch_count / len(images))
        if min(image.shape[-3:-1]) < patch_side * 2 ** (scale_count - 1):
            continue
        shown = slices(image)
        for i, each in enumerate(shown):
            for scale, level in enumerate(pyramid(each)):
                for patch in range(whole(i * wanted / len(shown)), whole((i + 1) * wanted / len(shown))):
                    place = Random("sliced Wasserstein patch", index, scale, patch)
                    top = place.integer(level.shape[0] - patch_side + 1)
                    left = place.integer(level.shape[1] - patch_side + 1)
                    patches[scale].append(level[top : top + patch_side, left : left + patch_side].ravel())
    dimensions = patch_side**2 * images[0].shape[-1]
    directions = np.empty((direction_count, dimensions))
    for i in range(direction_count):
        normals = Random("sliced Wasserstein direction", i)
        directions[i] = [normals.normal() for _ in range(dimensions)]
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return np.sort(np.stack([directions @ np.stack(each).T for each in patches]), axis=-1)


def distance(x, y):
    x, y = projections(x), projections(y)
    n, m = x.shape[-1], y.shape[-1]
    at = (np.arange(max(n, m)) + 0.5) / max(n, m)
    quantiles = lambda values: np.interp(at, (np.arange(len(values)) + 0.5) / len(values), values)
    pairs = zip(x.reshape(-1, n), y.reshape(-1, m))
    return float(np.mean([np.abs(quantiles(one) - quantiles(other)).mean() for one, other in pairs]))


def picture(name):
    """A half of a sample, as the network takes it, on a scale of 255."""
    file, half, height, width = name.split(":")
    values = np.asarray(Image.open(samples / file).convert("RGB"))
    side = values.shape[1] // 2
    values = values[: int(height), :side][:, : int(width)] if half == "left" else values[: int(height), side:][:, : int(width)]
    return ((values / 127.5 - 1).astype(np.float32).astype(float) + 1) * 127.5


files = sorted(each.name for each in samples.iterdir())
side = Image.open(samples / files[0]).height
tissue = [f"{file}:left:{side}:{side}" for file in files[:6]]
sets = {
    "tissue and labels": (tissue, [f"{file}:right:{side}:{side}" for file in files[:6]]),
    "tissue and other tissue": (tissue, [f"{file}:left:{side}:{side}" for file in files[6:12]]),
    "sets and pictures of different sizes, one too small": (
        [f"{files[0]}:left:41:{side}", f"{files[1]}:left:27:{side}", f"{files[2]}:left:{side}:29"],
        [f"{file}:right:28:{side}" for file in files[3:10]],
    ),
}
distances = [
    {"name": name, "x": x, "y": y, "distance": distance([picture(each) for each in x], [picture(each) for each in y])}
    for name, (x, y) in sets.items()
]
# Volumes are the left halves of samples as slices.
volume = [f"{file}:left:{side}:{side}" for file in files[12:22]]
stacked = np.stack([picture(each) for each in volume])
volumes = {"x": volume[:3], "y": volume, "distance": distance([stacked[:3]], [stacked])}
(here / "slicedWasserstein.json").write_text(
    json.dumps({"numpy": np.__version__, "pictures": distances, "volumes": volumes}, indent=1) + "\n"
)
