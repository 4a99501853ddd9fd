import { FileFault } from "../data/decoder/decoderFiles";
import type { Affine, Triple } from "./affine";
import { NiftiFields } from "./niftiFields";
import { typeOf, type NiftiType } from "./niftiType";

/** Numbers of voxels along the axes of a volume; the file's x, its fastest axis, is the width. */
export interface GridSize {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/** The header of a NIfTI file. */
export interface NiftiHeader {
  readonly size: GridSize;
  /** Number of values of a voxel: its colours, or the length of the file's fourth (or fifth) axis. */
  readonly channels: number;
  readonly type: NiftiType;
  /** A voxel's value is `slope` times the stored number, plus `intercept`. */
  readonly slope: number;
  readonly intercept: number;
  readonly affine: Affine;
  /** Offset of the voxels in the unpacked file, in bytes. */
  readonly start: number;
  /** Bytes of the voxels. */
  readonly length: number;
  readonly fields: NiftiFields;
}

const convert = "convert it to NIfTI, for example with nibabel or dcm2niix";

/**
 * Reads a NIfTI header.
 * @param head the first 544 bytes of a file, unpacked, or all of a smaller one
 * @param maxValues the most numbers that a volume may have
 * @throws FileFault naming the file: no NIfTI file, a damaged header, or not supported
 */
export function readHeader(file: string, head: Buffer, maxValues: number): NiftiHeader {
  const fault = (reason: string, remedy = convert): FileFault => new FileFault(`${file} ${reason}`, remedy);
  if (head.length === 0) throw fault("is empty", "replace it by a whole copy, or remove it");
  const fields = NiftiFields.of(head);
  if (fields === null)
    throw fault(isAnalyze(head) ? "is an Analyze file, which is not supported" : "is not a NIfTI file");
  if (fields.isPair)
    throw fault(
      "is one of a pair of files (.hdr and .img), which are not supported",
      "join them into one .nii file, for example with nibabel",
    );
  const intent = fields.get("intent_code");
  if (intent >= 3000 && intent < 3100) throw fault("is a CIFTI file of surfaces, not a volume", "remove it");
  const { size, channels: along } = shapeOf(fields, fault);
  const type = typeOf(fields.get("datatype"));
  if ("refused" in type) throw fault(type.refused);
  if (type.numbers > 1 && along > 1) throw fault(`has colours and a fourth axis of ${along}, which do not go together`);
  const channels = type.numbers * along;
  const values = size.depth * size.height * size.width * channels;
  if (values > maxValues) {
    throw fault(
      `has ${size.width} × ${size.height} × ${size.depth} voxels of ${channels}, more than the ${Math.round(maxValues / 1e6)} million numbers that are read`,
      "make it smaller, or cut it into parts",
    );
  }
  const affine = affineOf(fields);
  if (!affine.every(Number.isFinite)) throw fault("has a damaged header: its affine is not finite", "set its affine");
  return {
    size,
    channels,
    type,
    ...scaleOf(fields, fault),
    affine,
    start: startOf(fields, fault),
    length: values * type.bytes,
    fields,
  };
}

type Fault = (reason: string, remedy?: string) => FileFault;

function shapeOf(fields: NiftiFields, fault: Fault): { size: GridSize; channels: number } {
  const axes = fields.get("dim", 0);
  if (axes < 1 || axes > 7) throw fault(`has a damaged header: ${axes} axes`);
  const sides = Array.from({ length: axes }, (_, i) => fields.get("dim", i + 1));
  const wrong = sides.find((side) => !(side >= 1));
  if (wrong !== undefined) throw fault(`has a damaged header: an axis of ${wrong}`);
  const [width, height = 1, depth = 1, ...others] = sides as [number, ...number[]];
  if (others.filter((side) => side > 1).length > 1)
    throw fault(
      `has ${axes} axes (${sides.join(" × ")}); volumes have three, and channels in one more`,
      "split it into files, for example with nibabel",
    );
  return { size: { depth, height, width }, channels: others.reduce((product, side) => product * side, 1) };
}

/** The scaling of stored numbers. A slope of 0 or NaN means that they are not scaled. */
function scaleOf(fields: NiftiFields, fault: Fault): { slope: number; intercept: number } {
  const [slope, intercept] = [fields.get("scl_slope"), fields.get("scl_inter")];
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (!Number.isFinite(intercept))
    throw fault("has a damaged header: its scl_inter is not a number", "set its scl_inter to 0");
  return { slope, intercept };
}

function startOf(fields: NiftiFields, fault: Fault): number {
  const start = fields.get("vox_offset");
  if (start === 0) return fields.earliestStart;
  if (!Number.isInteger(start) || start < fields.earliestStart)
    throw fault(`has a damaged header: voxels at byte ${start}`);
  return start;
}

/** Whether a file is Analyze 7.5, which has NIfTI-1's first field and no magic word. */
function isAnalyze(head: Buffer): boolean {
  return head.length >= 348 && (head.readInt32LE(0) === 348 || head.readInt32BE(0) === 348);
}

/**
 * The map from voxel indices to millimetres, chosen as by nibabel: the sform, else the qform, else a centred one from the voxel sizes
 * alone.
 */
export function affineOf(fields: NiftiFields): Affine {
  if (fields.get("sform_code") > 0) return Array.from({ length: 12 }, (_, i) => fields.get("srow", i));
  return fields.get("qform_code") > 0 ? qformAffine(fields) : centredAffine(fields);
}

/** The map of method 2 of nifti1.h: a rotation by a quaternion, the voxels' sizes, a shift. */
export function qformAffine(fields: NiftiFields): Affine {
  const [b, c, d] = tripleOf((i) => fields.get("quatern", i));
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
  // A quaternion cannot express a reflection: pixdim[0] is −1 where the third axis is mirrored.
  const mirrored = fields.get("pixdim", 0) < 0 ? -1 : 1;
  const [x, y, z] = tripleOf((i) => fields.get("pixdim", i + 1));
  const scale = [x, y, z * mirrored];
  return [0, 1, 2].flatMap((row) => [
    ...[0, 1, 2].map((column) => rotation[3 * row + column]! * scale[column]!),
    fields.get("qoffset", row),
  ]);
}

/** The map for files without sform and qform: centred, with x mirrored as in Analyze. */
function centredAffine(fields: NiftiFields): Affine {
  const axes = fields.get("dim", 0);
  const size = (i: number): number => (i < axes ? fields.get("pixdim", i + 1) : 1);
  const middle = (i: number): number => (i < axes ? (fields.get("dim", i + 1) - 1) / 2 : 0);
  const [x, y, z] = tripleOf((i) => (i === 0 ? -size(i) : size(i)));
  return [x, 0, 0, -x * middle(0), 0, y, 0, -y * middle(1), 0, 0, z, -z * middle(2)];
}

function tripleOf(value: (i: number) => number): Triple {
  return [value(0), value(1), value(2)];
}
