"""Writes interpolation.json: a small volume on finer and turned grids by scipy, for interpolate.test.ts.

    pip install scipy==1.17.1 && python3 test/unit/volumes/interpolation.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import __version__
from scipy.ndimage import map_coordinates

volume = np.random.default_rng(3).normal(size=(5, 6, 7)).astype(np.float32)
maps = {
    "twice as fine": [[0.5, 0, 0, -0.25], [0, 0.5, 0, -0.25], [0, 0, 0.5, -0.25]],
    "coarser, moved": [[1.4, 0, 0, 0.3], [0, 1.1, 0, -2.0], [0, 0, 1.3, 0.9]],
    "turned, axes exchanged": [[0.1, 0.7, -0.2, 0.5], [0.8, -0.1, 0.1, 0.2], [0, 0.2, 0.9, -0.4]],
}
size = (6, 8, 9)
z, y, x = np.indices(size).reshape(3, -1)
results = {}
for name, rows in maps.items():
    at = np.array(rows) @ np.stack([x, y, z, np.ones_like(x)])
    results[name] = {
        "map": np.ravel(rows).tolist(),
        **{kind: [round(float(v), 7) for v in map_coordinates(volume, at[::-1], output=np.float64, order=order, mode="nearest")] for kind, order in (("trilinear", 1), ("cubic", 3))},
    }
out = {"scipy": __version__, "volume": [float(v) for v in volume.ravel()], "results": results}
(Path(__file__).parent / "interpolation.json").write_text(json.dumps(out) + "\n")
