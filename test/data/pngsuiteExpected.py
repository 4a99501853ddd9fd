"""Writes the pixels that pypng reads from the good files of PngSuite: `python test/data/pngsuiteExpected.py`.

Needs pypng (0.20220715.0 was used) and numpy. Of files of fewer than 8 bits white is made 255; 16 bits are kept whole. What a
file says of its significant bits (sBIT) is passed over: they change how its pixels may be shown, not the pixels.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import png

here = Path(__file__).parent


def sha(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def pixels(file):
    reader = png.Reader(filename=str(file))
    reader.preamble()
    reader.sbit = None
    width, height, rows, info = reader.asDirect()
    values = np.array([list(row) for row in rows]).reshape(height, width, info["planes"])
    bits = info["bitdepth"]
    if bits < 8:
        values, bits = values * 255 // (2**bits - 1), 8
    return values.astype("<u2" if bits == 16 else np.uint8), bits, info["alpha"]


expected = {}
for file in sorted((here / "pngsuite").glob("[!x]*.png")):
    values, bits, has_alpha = pixels(file)
    colours, alpha = (values[..., :-1], values[..., -1]) if has_alpha else (values, None)
    expected[file.name] = {
        "height": values.shape[0],
        "width": values.shape[1],
        "channels": colours.shape[2],
        "bits": bits,
        "colours": sha(colours),
        "firstPixel": colours[0, 0].tolist(),
        "alpha": None if alpha is None else sha(alpha),
    }
(here / "pngsuite-expected.json").write_text(json.dumps(expected, indent=1) + "\n")
