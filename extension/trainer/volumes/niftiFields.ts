/** A number type of header fields. */
interface Kind {
  readonly bytes: number;
  readonly get: (view: DataView, at: number, littleEndian: boolean) => number;
  readonly set: (view: DataView, at: number, value: number, littleEndian: boolean) => void;
}

const kinds = {
  int16: {
    bytes: 2,
    get: (view, at, little) => view.getInt16(at, little),
    set: (view, at, value, little) => view.setInt16(at, value, little),
  },
  int32: {
    bytes: 4,
    get: (view, at, little) => view.getInt32(at, little),
    set: (view, at, value, little) => view.setInt32(at, value, little),
  },
  int64: {
    bytes: 8,
    get: (view, at, little) => Number(view.getBigInt64(at, little)),
    set: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  },
  float32: {
    bytes: 4,
    get: (view, at, little) => view.getFloat32(at, little),
    set: (view, at, value, little) => view.setFloat32(at, value, little),
  },
  float64: {
    bytes: 8,
    get: (view, at, little) => view.getFloat64(at, little),
    set: (view, at, value, little) => view.setFloat64(at, value, little),
  },
} as const satisfies Readonly<Record<string, Kind>>;

type FieldName =
  | "dim"
  | "datatype"
  | "bitpix"
  | "pixdim"
  | "vox_offset"
  | "scl_slope"
  | "scl_inter"
  | "cal_max"
  | "cal_min"
  | "intent_code"
  | "qform_code"
  | "sform_code"
  | "quatern"
  | "qoffset"
  | "srow";

interface Layout {
  /** Bytes of the header, without the four that announce extensions. */
  readonly length: number;
  readonly magic: { readonly at: number; readonly single: string; readonly pair: string };
  /** Offset of the 80 bytes of text that describe the file. */
  readonly descrip: number;
  readonly fields: Readonly<Record<FieldName, readonly [keyof typeof kinds, number]>>;
}

/** The layout of a NIfTI-1 header (nifti1.h). */
const nifti1: Layout = {
  length: 348,
  magic: { at: 344, single: "n+1\0", pair: "ni1\0" },
  descrip: 148,
  fields: {
    dim: ["int16", 40],
    intent_code: ["int16", 68],
    datatype: ["int16", 70],
    bitpix: ["int16", 72],
    pixdim: ["float32", 76],
    vox_offset: ["float32", 108],
    scl_slope: ["float32", 112],
    scl_inter: ["float32", 116],
    cal_max: ["float32", 124],
    cal_min: ["float32", 128],
    qform_code: ["int16", 252],
    sform_code: ["int16", 254],
    quatern: ["float32", 256],
    qoffset: ["float32", 268],
    srow: ["float32", 280],
  },
};

/** The layout of a NIfTI-2 header (nifti2.h). */
const nifti2: Layout = {
  length: 540,
  magic: { at: 4, single: "n+2\0", pair: "ni2\0" },
  descrip: 240,
  fields: {
    datatype: ["int16", 12],
    bitpix: ["int16", 14],
    dim: ["int64", 16],
    pixdim: ["float64", 104],
    vox_offset: ["int64", 168],
    scl_slope: ["float64", 176],
    scl_inter: ["float64", 184],
    cal_max: ["float64", 192],
    cal_min: ["float64", 200],
    qform_code: ["int32", 344],
    sform_code: ["int32", 348],
    quatern: ["float64", 352],
    qoffset: ["float64", 376],
    srow: ["float64", 400],
    intent_code: ["int32", 504],
  },
};

/** Enough bytes for either version's header. */
export const headBytes = 544;

/** A header's numbers by their names in nifti1.h, for both versions of the format and both byte orders. */
export class NiftiFields {
  private readonly view: DataView;

  private constructor(
    readonly bytes: Buffer,
    readonly version: 1 | 2,
    readonly littleEndian: boolean,
    /** Whether the voxels are in a separate file. */
    readonly isPair: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * @param bytes a file's first 544 bytes or more; the fields are views of them, so the caller must not overwrite them
   * @returns null for a file that is not NIfTI, such as Analyze 7.5
   */
  static of(bytes: Buffer): NiftiFields | null {
    for (const [version, { length, magic }] of [
      [1, nifti1],
      [2, nifti2],
    ] as const) {
      if (bytes.length < length) continue;
      const found = bytes.toString("latin1", magic.at, magic.at + 4);
      const littleEndian = bytes.readInt32LE(0) === length;
      if (!littleEndian && bytes.readInt32BE(0) !== length) continue;
      if (found === magic.single || found === magic.pair)
        return new NiftiFields(bytes, version, littleEndian, found === magic.pair);
    }
    return null;
  }

  /** The same layout and byte order, for the header in other bytes. */
  over(bytes: Buffer): NiftiFields {
    return new NiftiFields(bytes, this.version, this.littleEndian, this.isPair);
  }

  /** The least offset of the voxels: after the header and the four bytes that announce extensions. */
  get earliestStart(): number {
    return this.layout.length + 4;
  }

  get(name: FieldName, index = 0): number {
    const { kind, at } = this.place(name, index);
    return kind.get(this.view, at, this.littleEndian);
  }

  set(name: FieldName, value: number, index = 0): void {
    const { kind, at } = this.place(name, index);
    kind.set(this.view, at, value, this.littleEndian);
  }

  /** Sets the `descrip` field, truncated to 79 bytes. */
  writeDescription(text: string): void {
    const { descrip } = this.layout;
    this.bytes.fill(0, descrip, descrip + 80);
    this.bytes.write(text, descrip, 79, "latin1");
  }

  private place(name: FieldName, index: number): { kind: Kind; at: number } {
    const [kind, at] = this.layout.fields[name];
    return { kind: kinds[kind], at: at + index * kinds[kind].bytes };
  }

  private get layout(): Layout {
    return this.version === 1 ? nifti1 : nifti2;
  }
}
