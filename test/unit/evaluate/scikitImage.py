"""Writes scikitImage.json: metrics of pairs of pictures by scikit-image, for pictureMetrics.test.ts.

    pip install scikit-image==0.26.0 pillow && python3 test/unit/evaluate/scikitImage.py

The pairs are made of the bundled samples: the two halves of ten files, and ten left halves beside themselves, moved by a pixel.
"""
import json
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import __version__
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

here = Path(__file__).parent
samples = here.parents[2] / "media" / "samples" / "nuclei-labels" / "train"


def metrics(x, y):
    similarity = structural_similarity(x, y, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255, channel_axis=2)
    return {"mae": float(np.abs(x.astype(float) - y).mean()), "psnr": float(peak_signal_noise_ratio(x, y, data_range=255)), "ssim": float(similarity)}


pairs = []
for index, file in enumerate(sorted(samples.iterdir())[:20]):
    picture = np.asarray(Image.open(file).convert("RGB"))
    side = picture.shape[1] // 2
    left, right = picture[:, :side], picture[:, side:]
    kind = "halves" if index < 10 else "moved"
    x, y = (left, right) if kind == "halves" else (left[:, :-1], left[:, 1:])
    pairs.append({"file": file.name, "kind": kind, **metrics(x, y)})
(here / "scikitImage.json").write_text(json.dumps({"scikit-image": __version__, "pairs": pairs}, indent=1) + "\n")
