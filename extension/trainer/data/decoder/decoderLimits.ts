/** Limits against files made to exhaust the machine. */
export interface DecoderLimits {
  readonly maxPixels: number;
  /** Numbers of a volume: voxels times channels. */
  readonly maxValues: number;
  readonly maxBytes: number;
}
