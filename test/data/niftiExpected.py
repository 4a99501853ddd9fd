"""Writes what nibabel reads from the volumes in `nifti/`: `python test/data/niftiExpected.py`.

Needs nibabel (5.4.2 was used), which has numpy. Makes `nifti/made/` first: every data type in both versions and byte orders. Values
are compared by the SHA-256 of their float64s, x fastest, in which what is no number is 0.
"""

import hashlib
import json
from pathlib import Path

import nibabel
import numpy as np

here = Path(__file__).parent / "nifti"
made = here / "made"
shape = (5, 4, 3, 2)
rotated = nibabel.affines.from_matvec(nibabel.eulerangles.euler2mat(0.3, -0.2, 0.5) @ np.diag([2, 1.5, -3]), [-20, 7.5, 33])
colours = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])


def make():
    made.mkdir(exist_ok=True)
    draw = np.random.default_rng(7)
    for name in "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8 c8".split():
        kind = np.dtype(name)
        if kind.kind in "fc":
            values = draw.normal(size=shape).astype(kind)
        else:
            values = draw.integers(np.iinfo(kind).min, np.iinfo(kind).max, shape, dtype=kind, endpoint=True)
        for version, order, form in ((1, "<", nibabel.Nifti1Image), (1, ">", nibabel.Nifti1Image), (2, "<", nibabel.Nifti2Image), (2, ">", nibabel.Nifti2Image)):
            image = form(values.astype(kind.newbyteorder(order)), rotated, form.header_class(endianness=order), dtype=kind.newbyteorder(order))
            # The little ones lie where their qform says, the big ones nowhere.
            image.set_sform(None, 0)
            if order == "<":
                image.set_qform(rotated, 1)
            image.header.set_xyzt_units("mm", "sec")
            nibabel.save(image, made / f"{name}-{version}-{'little' if order == '<' else 'big'}.nii")
    rgb = draw.integers(0, 256, (*shape[:3], 3), dtype="u1").view(colours)[..., 0]
    nibabel.save(nibabel.Nifti1Image(rgb, rotated), made / "rgb.nii.gz")
    scaled = nibabel.Nifti1Image(draw.integers(-500, 500, shape[:3]).astype("i2"), rotated)
    scaled.header.set_slope_inter(0.37, -12.5)
    nibabel.save(scaled, made / "scaled.nii.gz")
    nowhere = nibabel.Nifti1Image(draw.normal(size=shape[:3]).astype("f4"), None)
    nowhere.header.set_zooms((2, 3, 4))
    nibabel.save(nowhere, made / "nowhere.nii")
    nibabel.save(nibabel.Nifti1Image(draw.normal(size=(6, 5)).astype("f4"), rotated), made / "plane.nii")


def expected(path):
    try:
        image = nibabel.load(path)
        data = np.asanyarray(image.dataobj)
        if data.dtype == colours:
            data = np.stack([data[name] for name in "RGB"], axis=-1)
        elif data.dtype.kind == "c":
            return None
        else:
            data = image.get_fdata()
        numbers = np.asfortranarray(np.nan_to_num(data.astype("<f8"), nan=0))
        return {
            "shape": list(data.shape),
            "affine": image.affine[:3].ravel().tolist(),
            "units": list(image.header.get_xyzt_units()),
            "type": image.header.get_data_dtype().name,
            "range": [float(np.nanmin(data)), float(np.nanmax(data))],
            "nan": int(np.isnan(data).sum()) if data.dtype.kind == "f" else 0,
            "sha256": hashlib.sha256(numbers.tobytes(order="F")).hexdigest(),
        }
    except Exception:
        return None


make()
files = {str(path.relative_to(here)): expected(path) for path in sorted(here.rglob("*.nii*")) if path.is_file()}
text = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in files.items())
(here.parent / "nifti-expected.json").write_text(f"{{\n{text}\n}}\n")
