import type { Affine, Triple } from "./affine";
import type { NiftiFields } from "./niftiFields";

/** Where voxels lie, as nibabel decides it: by the sform, else by the qform, else centred and with the voxels' sizes alone. */
export function affineOf(fields: NiftiFields): Affine {
  if (fields.get("sform_code") > 0) return Array.from({ length: 12 }, (_, i) => fields.get("srow", i));
  return fields.get("qform_code") > 0 ? qform(fields) : centred(fields);
}

/** Method 2 of nifti1.h: a rotation by a quaternion, the voxels' sizes, a shift. */
export function qform(fields: NiftiFields): Affine {
  const [b, c, d] = triple((i) => fields.get("quatern", i));
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const rotation = [
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a + c * c - b * b - d * d,
    2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    a * a + d * d - b * b - c * c,
  ];
  // The quaternion knows no reflection: pixdim[0] is −1 where the third axis is mirrored.
  const mirrored = fields.get("pixdim", 0) < 0 ? -1 : 1;
  const [x, y, z] = triple((i) => fields.get("pixdim", i + 1));
  const scale = [x, y, z * mirrored];
  return [0, 1, 2].flatMap((row) => [
    ...[0, 1, 2].map((column) => rotation[3 * row + column]! * scale[column]!),
    fields.get("qoffset", row),
  ]);
}

/** For files that do not say where they lie; x is mirrored, as Analyze had it. */
function centred(fields: NiftiFields): Affine {
  const axes = fields.get("dim", 0);
  const size = (i: number): number => (i < axes ? fields.get("pixdim", i + 1) : 1);
  const middle = (i: number): number => (i < axes ? (fields.get("dim", i + 1) - 1) / 2 : 0);
  const [x, y, z] = triple((i) => (i === 0 ? -size(i) : size(i)));
  return [x, 0, 0, -x * middle(0), 0, y, 0, -y * middle(1), 0, 0, z, -z * middle(2)];
}

function triple(value: (i: number) => number): Triple {
  return [value(0), value(1), value(2)];
}
