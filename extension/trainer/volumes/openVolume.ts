import { stat } from "node:fs/promises";
import type { DecoderLimits } from "../data/decoder/decoderFiles";
import { intensitiesOf, type Intensities, type IntensitySettings } from "./intensity";
import { Interpolator } from "./interpolate";
import { readNifti, type NiftiFile, voxelsOf, type Voxels } from "./niftiRead";
import type { Interpolation } from "./volume";

/** The most bytes of the cache, by which consecutive steps that crop the same volume read it only once. */
const mostBytes = 2 ** 29;

/** A volume in memory, with its cached statistics and interpolators. */
export class OpenVolume {
  readonly voxels: Voxels;
  private readonly intensities = new Map<string, Intensities>();
  private readonly interpolators = new Map<string, Interpolator>();

  constructor(readonly nifti: NiftiFile) {
    this.voxels = voxelsOf(nifti.header, nifti.stored);
  }

  intensitiesFor(settings: IntensitySettings): Intensities {
    const key = `${settings.kind} ${settings.low} ${settings.high}`;
    const known = this.intensities.get(key) ?? intensitiesOf(this.voxels, settings);
    this.intensities.set(key, known);
    return known;
  }

  /** Interpolates one channel; values that are not finite count as `missing`. */
  interpolatorFor(channel: number, interpolation: Interpolation, missing: number): Interpolator {
    const key = `${channel} ${interpolation}`;
    const known =
      this.interpolators.get(key) ??
      new Interpolator(this.plane(channel, missing), this.nifti.header.size, interpolation);
    this.interpolators.set(key, known);
    return known;
  }

  get bytes(): number {
    return [...this.interpolators.values()].reduce((sum, each) => sum + each.bytes, this.nifti.stored.byteLength);
  }

  private plane(channel: number, missing: number): Float32Array {
    const { at, length, channelStep, voxelStep } = this.voxels;
    return Float32Array.from({ length: length / this.nifti.header.channels }, (_, i) => {
      const value = at(channel * channelStep + i * voxelStep);
      return Number.isFinite(value) ? value : missing;
    });
  }
}

/** A cache of the most recently used volumes, by path, size and modification time. */
export class OpenVolumes {
  /** Volumes by their keys, the least recently used first. */
  private readonly volumes = new Map<string, OpenVolume>();

  /** @throws FileFault as `readNifti` */
  async open(file: string, limits: DecoderLimits): Promise<OpenVolume> {
    const found = await stat(file, { bigint: true }).catch(() => null);
    const key = `${file} ${found?.size} ${found?.mtimeNs}`;
    const known = this.volumes.get(key);
    const volume = known ?? new OpenVolume(await readNifti(file, limits));
    this.volumes.delete(key);
    this.volumes.set(key, volume);
    this.closeOldest();
    return volume;
  }

  /** Drops the least recently used volumes, but never the last one. */
  private closeOldest(): void {
    let bytes = [...this.volumes.values()].reduce((sum, each) => sum + each.bytes, 0);
    for (const [key, volume] of this.volumes) {
      if (bytes <= mostBytes || this.volumes.size === 1) return;
      bytes -= volume.bytes;
      this.volumes.delete(key);
    }
  }
}
