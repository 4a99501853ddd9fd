"""Writes what PIL reads from a few images of its own making: `python test/data/imagesExpected.py`.

Needs Pillow (13.0.0 was used) and numpy.
"""

import base64
import json
from pathlib import Path

import numpy as np
from PIL import Image

here = Path(__file__).parent


def base64_of(values):
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def photo(height, width):
    """Smooth shades with sharp edges and some noise, seeded."""
    y, x = np.mgrid[0:height, 0:width]
    random = np.random.default_rng(0)
    shades = np.stack([4 * y + 2 * x, 200 - 3 * x + y, 128 + 100 * np.sin(x / 3) * np.cos(y / 4)], -1)
    shades[((x // 9 + y // 7) % 2 == 1)] = [250, 5, 128]
    return np.clip(shades + random.normal(0, 12, shades.shape), 0, 255).astype(np.uint8)


def resizes():
    """PIL's BICUBIC of `photo.png`: smaller, larger, both, by much, and not at all along one axis.

    In two steps, across and down, as PIL did it at the time of the authors' code: Pillow 13 goes down first for some sizes.
    """
    image = Image.fromarray(photo(41, 52))
    image.save(here / "images/photo.png")
    sizes = [(20, 26), (13, 50), (82, 104), (97, 61), (5, 3), (41, 30), (1, 1)]
    bicubic = Image.Resampling.BICUBIC
    return [
        {"height": h, "width": w, "data": base64_of(np.array(image.resize((w, image.height), bicubic).resize((w, h), bicubic)))}
        for h, w in sizes
    ]


def orientations():
    """The same upright picture, 32 high and 48 wide, stored in each of EXIF's eight orientations."""
    upright = np.zeros((32, 48, 3), np.uint8)
    upright[:16, :24], upright[:16, 24:], upright[16:, :24], upright[16:, 24:] = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]
    turns = Image.Transpose
    stored = [None, turns.FLIP_LEFT_RIGHT, turns.ROTATE_180, turns.FLIP_TOP_BOTTOM, turns.TRANSPOSE, turns.ROTATE_90, turns.TRANSVERSE, turns.ROTATE_270]
    for number, turn in enumerate(stored, 1):
        image = Image.fromarray(upright)
        exif = Image.Exif()
        exif[0x0112] = number
        image = image if turn is None else image.transpose(turn)
        image.save(here / f"images/orientation-{number}.jpg", quality=95, subsampling=0, exif=exif)


def decoded():
    """Formats and colour spaces, with the pixels that PIL gives."""
    picture = Image.fromarray(photo(30, 20))
    gray = picture.convert("L")
    cmyk = Image.merge("CMYK", [*picture.split(), gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    rgba = picture.copy()
    rgba.putalpha(gray)
    deep = (np.array(gray).astype(np.uint16) * 251 + 17).astype(np.uint16)
    files = {
        "cmyk.jpg": (cmyk, {"quality": 95}),
        "cmyk.tif": (cmyk, {}),
        "gray.jpg": (gray, {"quality": 90}),
        "rgb.jpg": (picture, {"quality": 90, "subsampling": 0}),
        "lossless.webp": (picture, {"lossless": True}),
        "palette.gif": (picture.quantize(32), {"save_all": True, "append_images": [gray.quantize(8)]}),
        "lzw.tif": (picture, {"compression": "tiff_lzw"}),
        "rgba.tif": (rgba, {}),
        "deep.tif": (Image.fromarray(deep), {}),
        "one-bit.tif": (gray.convert("1"), {}),
        "profile.png": (picture, {"icc_profile": swapped_profile()}),
    }
    expected = {}
    for name, (image, options) in files.items():
        image.save(here / "images" / name, **options)
        read = Image.open(here / "images" / name)
        deep_file = read.mode.startswith("I;16")
        values = np.array(read).astype("<u2") if deep_file else np.array(read.convert("L" if read.mode in ("1", "L") else "RGB"))
        channels = 1 if values.ndim == 2 else 3
        expected[name] = {"height": 30, "width": 20, "channels": channels, "bits": 16 if deep_file else 8, "data": base64_of(values)}
    return expected


def swapped_profile():
    """sRGB with red and blue exchanged: who applies it sees it."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


(here / "images").mkdir(exist_ok=True)
orientations()
(here / "pil-expected.json").write_text(json.dumps({"resized": resizes(), "decoded": decoded()}, indent=1) + "\n")
