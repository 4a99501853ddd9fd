/** The TensorFlow builds that the native engine is made from, pinned by their SHA-256. */

/** One wheel on PyPI: a zip with TensorFlow's C library and headers. */
export interface Wheel {
  engine: "native" | "native-gpu";
  platform: NodeJS.Platform;
  arch: string;
  /** TensorFlow's version. */
  version: string;
  file: string;
  /** Its folder under the base address; PyPI derives it from the file's BLAKE2 hash. */
  folder: string;
  sha256: string;
  /** Bytes of the wheel. */
  size: number;
  /** Bytes of what is unpacked from it. */
  unpackedSize: number;
}

/** Sizes, hashes and addresses as https://pypi.org/simple/tensorflow/ and …/tensorflow-cpu/ give them. */
export const wheels: readonly Wheel[] = [
  {
    engine: "native",
    platform: "linux",
    arch: "x64",
    version: "2.21.0",
    file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    folder: "packages/59/03/9a99555a762de8cd4a405efbd39a732d926d8e58791441889560b7675b3e",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    size: 273_829_956,
    unpackedSize: 855_000_000,
  },
  {
    engine: "native",
    platform: "linux",
    arch: "arm64",
    version: "2.21.0",
    file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl",
    folder: "packages/9c/7c/57b7ee953b40d5d837136d20af6851b20ea6ca63753fc05699e8bcfab6d5",
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
    size: 281_828_020,
    unpackedSize: 885_000_000,
  },
  {
    engine: "native",
    platform: "darwin",
    arch: "arm64",
    version: "2.21.0",
    file: "tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
    folder: "packages/ec/76/b649b02a243c09f0348199dbd81408c1558cfbec2b6d77d820c428a95254",
    sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
    size: 223_405_849,
    unpackedSize: 743_000_000,
  },
];

/** The wheel of an engine for a kind of machine, or null where nobody publishes one. */
export function wheelFor(engine: Wheel["engine"], platform: NodeJS.Platform, arch: string): Wheel | null {
  return wheels.find((wheel) => wheel.engine === engine && wheel.platform === platform && wheel.arch === arch) ?? null;
}

/** The pinned wheel of that file name, for any machine, or null. */
export function wheelNamed(file: string): Wheel | null {
  return wheels.find((wheel) => wheel.file === file) ?? null;
}

/** Where a wheel is fetched from: PyPI's file host, or the mirror that REVGAN_PYPI names. */
export function wheelUrl(wheel: Wheel, env: NodeJS.ProcessEnv): string {
  const base = env["REVGAN_PYPI"] === undefined || env["REVGAN_PYPI"] === "" ? "https://files.pythonhosted.org" : env["REVGAN_PYPI"];
  return `${base.replace(/\/+$/, "")}/${wheel.folder}/${wheel.file}`;
}
