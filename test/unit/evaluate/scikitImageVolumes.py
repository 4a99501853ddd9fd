"""Writes scikitImageVolumes.json: metrics of random volumes by scikit-image, for volumeMetrics.test.ts.

    pip install scikit-image==0.26.0 && python3 test/unit/evaluate/scikitImageVolumes.py

The volumes are sums of sines, which the test makes again.
"""
import json
from pathlib import Path

import numpy as np
from skimage import __version__
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def volume(shape, seed):
    i = np.arange(np.prod(shape), dtype=float)
    return (100 * np.sin(seed + 0.37 * i) + 60 * np.sin(0.011 * seed * i) + 20).reshape(shape)


cases = []
for shape, distance in (((11, 11, 11, 1), 1.0), ((14, 19, 23, 1), 0.02), ((13, 12, 17, 2), 0.3)):
    truth, found = volume(shape, 1.0), volume(shape, 1.0 + distance)
    inside = truth > 0
    cases.append({
        "shape": shape,
        "seeds": [1.0, 1.0 + distance],
        "mae": float(np.abs(truth - found).mean()),
        "rmse": float(np.sqrt(((truth - found) ** 2).mean())),
        "rmseInside": float(np.sqrt(((truth - found)[inside] ** 2).mean())),
        "psnr": float(peak_signal_noise_ratio(truth, found, data_range=300)),
        "ssim": float(structural_similarity(truth, found, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=300, channel_axis=3)),
    })
(Path(__file__).parent / "scikitImageVolumes.json").write_text(json.dumps({"scikit-image": __version__, "range": 300, "cases": cases}, indent=1) + "\n")
