/** The TensorFlow builds that the native engines are made from, pinned by the SHA-256 of their wheels. */

/** One wheel on PyPI, which is a zip file. */
export interface Wheel {
  file: string;
  /** The wheel's folder under the base address; PyPI derives it from the file's BLAKE2 hash. */
  folder: string;
  sha256: string;
  /** Bytes of the wheel. */
  size: number;
  /** Bytes of the files that are unpacked from the wheel. */
  unpackedSize: number;
}

/** The wheels that an engine is made from on one kind of machine. */
export interface Build {
  engine: "native" | "native-gpu";
  platform: NodeJS.Platform;
  arch: string;
  /** TensorFlow's version. */
  version: string;
  /** TensorFlow's C library and headers. */
  tensorflow: Wheel;
  /** The wheels with CUDA's libraries and cuDNN that NVIDIA publishes; empty for the CPU engine. */
  cuda: readonly Wheel[];
}

/**
 * Sizes, hashes and addresses as https://pypi.org/simple/NAME/ gives them. This version of CUDA is the first that supports each GPU from
 * Pascal to Blackwell, with the last cuDNN that does: TensorFlow 2.21 asks for 12.5 and 9.3 or later, and has kernels from compute
 * capability 6.0 on (its build_info.py).
 */
export const builds: readonly Build[] = [
  {
    engine: "native",
    platform: "linux",
    arch: "x64",
    version: "2.21.0",
    tensorflow: {
      file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
      folder: "packages/59/03/9a99555a762de8cd4a405efbd39a732d926d8e58791441889560b7675b3e",
      sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
      size: 273_829_956,
      unpackedSize: 855_000_000,
    },
    cuda: [],
  },
  {
    engine: "native",
    platform: "linux",
    arch: "arm64",
    version: "2.21.0",
    tensorflow: {
      file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl",
      folder: "packages/9c/7c/57b7ee953b40d5d837136d20af6851b20ea6ca63753fc05699e8bcfab6d5",
      sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
      size: 281_828_020,
      unpackedSize: 885_000_000,
    },
    cuda: [],
  },
  {
    engine: "native",
    platform: "darwin",
    arch: "arm64",
    version: "2.21.0",
    tensorflow: {
      file: "tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
      folder: "packages/ec/76/b649b02a243c09f0348199dbd81408c1558cfbec2b6d77d820c428a95254",
      sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
      size: 223_405_849,
      unpackedSize: 743_000_000,
    },
    cuda: [],
  },
  {
    engine: "native-gpu",
    platform: "linux",
    arch: "x64",
    version: "2.21.0",
    tensorflow: {
      file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
      folder: "packages/26/a1/23b9b39c046c723db63a1c2c93397703efa3400a36f98d9c717b473aafb8",
      sha256: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
      size: 572_440_367,
      unpackedSize: 1_265_000_000,
    },
    cuda: [
      {
        file: "nvidia_cuda_runtime_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        folder: "packages/0d/9b/a997b638fcd068ad6e4d53b8551a7d30fe8b404d6f1804abf1df69838932",
        sha256: "adade8dcbd0edf427b7204d480d6066d33902cab2a4707dcfc48a2d0fd44ab90",
        size: 954_765,
        unpackedSize: 1_000_000,
      },
      {
        file: "nvidia_cublas_cu12-12.8.4.1-py3-none-manylinux_2_27_x86_64.whl",
        folder: "packages/dc/61/e24b560ab2e2eaeb3c839129175fb330dfcfc29e5203196e5541a4c44682",
        sha256: "8ac4e771d5a348c551b2a426eda6193c19aa630236b418086020df5ba9667142",
        size: 594_346_921,
        unpackedSize: 869_000_000,
      },
      {
        file: "nvidia_cudnn_cu12-9.10.2.21-py3-none-manylinux_2_27_x86_64.whl",
        folder: "packages/ba/51/e123d997aa098c61d029f76663dedbfb9bc8dcf8c60cbd6adbe42f76d049",
        sha256: "949452be657fa16687d0930933f032835951ef0892b37d2d53824d1a84dc97a8",
        size: 706_758_467,
        unpackedSize: 1_054_000_000,
      },
      {
        file: "nvidia_cufft_cu12-11.3.3.83-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        folder: "packages/1f/13/ee4e00f30e676b66ae65b4f08cb5bcbb8392c03f54f2d5413ea99a5d1c80",
        sha256: "4d2dd21ec0b88cf61b62e6b43564355e5222e4a3fb394cac0db101f2dd0d4f74",
        size: 193_118_695,
        unpackedSize: 279_000_000,
      },
      {
        file: "nvidia_cusolver_cu12-11.7.3.90-py3-none-manylinux_2_27_x86_64.whl",
        folder: "packages/85/48/9a13d2975803e8cf2777d5ed57b87a0b6ca2cc795f9a4f59796a910bfb80",
        sha256: "4376c11ad263152bd50ea295c05370360776f8c3427b30991df774f9fb26c450",
        size: 267_506_905,
        unpackedSize: 244_000_000,
      },
      {
        file: "nvidia_cusparse_cu12-12.5.8.93-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        folder: "packages/c2/f5/e1854cb2f2bcd4280c44736c93550cc300ff4b8c95ebe370d0aa7d2b473d",
        sha256: "1ec05d76bbbd8b61b06a80e1eaf8cf4959c3d4ce8e711b65ebd0443bb0ebb13b",
        size: 288_216_466,
        unpackedSize: 388_000_000,
      },
      {
        file: "nvidia_nvjitlink_cu12-12.8.93-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        folder: "packages/f6/74/86a07f1d0f42998ca31312f998bd3b9a7eff7f52378f4f270c8679c77fb9",
        sha256: "81ff63371a7ebd6e6451970684f916be2eab07321b73c9d244dc2b4da7f73b88",
        size: 39_254_836,
        unpackedSize: 95_000_000,
      },
      {
        file: "nvidia_cuda_nvrtc_cu12-12.8.93-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        folder: "packages/05/6b/32f747947df2da6994e999492ab306a903659555dddc0fbdeb9d71f75e52",
        sha256: "a7756528852ef889772a84c6cd89d41dfa74667e24cca16bb31f8f061e3e9994",
        size: 88_040_029,
        unpackedSize: 111_000_000,
      },
    ],
  },
];

/** MPICH's version, whose wheels have the standard ABI of MPI 5. */
export const mpichVersion = "5.0.2";

const mpichWheels: readonly { platform: NodeJS.Platform; arch: string; wheel: Wheel }[] = [
  {
    platform: "linux",
    arch: "x64",
    wheel: {
      file: "mpich-5.0.2-py3-none-manylinux_2_28_x86_64.whl",
      folder: "packages/d0/4d/e75f3ac876dc25d65a19d82b6e067289313fbf81857e42c442b475a320da",
      sha256: "8fed465ebff269ea2ebac179a25de02671ddf8df476e0f115be089015015cfd4",
      size: 13_282_595,
      unpackedSize: 21_000_000,
    },
  },
  {
    platform: "linux",
    arch: "arm64",
    wheel: {
      file: "mpich-5.0.2-py3-none-manylinux_2_28_aarch64.whl",
      folder: "packages/63/7f/79f678b1342fe0f0f2a4046ebb3bf009d3045fa35a2f45d76de7e05cae9f",
      sha256: "992ae6ebb0da97d49d7a67000ae8112da9a3825da1bb1e6f1d196428a0410f2d",
      size: 10_390_986,
      unpackedSize: 20_000_000,
    },
  },
  {
    platform: "darwin",
    arch: "arm64",
    wheel: {
      file: "mpich-5.0.2-py3-none-macosx_11_0_arm64.whl",
      folder: "packages/99/dc/9d06268d543aebdca7030e4b91b2fec00a946a14543d6b53d761b05e78c4",
      sha256: "fa6611d3efa2d5a5f624976458d25988bfd5626afc09402f662ff0defbb45cd4",
      size: 9_541_867,
      unpackedSize: 15_000_000,
    },
  },
];

/** MPICH's wheel for a kind of machine, or null where there is none. */
export function mpichWheelFor(platform: NodeJS.Platform, arch: string): Wheel | null {
  return mpichWheels.find((each) => each.platform === platform && each.arch === arch)?.wheel ?? null;
}

/** The version of wgpu-native that the addon is written for (native/webgpuAbi.h), and that these wheels of the Python package `wgpu` 0.32.0 hold. */
export const wgpuNativeVersion = "29.0.1.1";

export const wgpuWheels: readonly { platform: NodeJS.Platform; arch: string; wheel: Wheel }[] = [
  {
    platform: "linux",
    arch: "x64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-manylinux_2_28_x86_64.whl",
      folder: "packages/99/a9/8b00e9d0cbd1ec0766e5b3c8063e61f0335262afe07cef82c307899bcf01",
      sha256: "6499a31b5a29a10b4f1089fea4a0806411f42605fa86b6c0b543a07ca0de8568",
      size: 3_499_105,
      unpackedSize: 9_400_000,
    },
  },
  {
    platform: "linux",
    arch: "arm64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-manylinux_2_28_aarch64.whl",
      folder: "packages/40/52/36819230b805b07fc4c3e92242aba7b73a0ce25e03b124992af79a6b1d4d",
      sha256: "00454ba1bc794d38c8365f4ad29f381b88ce0a7f115133bfaa6f1dfad7eb2764",
      size: 3_504_842,
      unpackedSize: 9_500_000,
    },
  },
  {
    platform: "darwin",
    arch: "arm64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-macosx_11_0_arm64.whl",
      folder: "packages/d7/3b/a21ac5d2c5fcc13c2709123f497f5e008726221c56dc83ba0850fc2d230d",
      sha256: "6c3f654ea01ab2de8a2903354ced02a3c6ef161d0fba1aa4fea60aa86d021908",
      size: 2_838_856,
      unpackedSize: 7_000_000,
    },
  },
  {
    platform: "darwin",
    arch: "x64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-macosx_10_9_x86_64.whl",
      folder: "packages/1b/4b/173e7685a22edf2d33ed330a038c8859d2c62bff900eb637a702661333ff",
      sha256: "cfd3967616a3c42e2b7a234407df38668c697f5aa505d56e0814d647b6746302",
      size: 2_944_358,
      unpackedSize: 7_400_000,
    },
  },
  {
    platform: "win32",
    arch: "x64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-win_amd64.whl",
      folder: "packages/dc/5a/92d8ebd91d2e6e772a4d90656231472a8dad6ab050174336510fa9dff978",
      sha256: "493c8a0425c7d3cc728a2489bce40d1a016d800306e59763ff1b21e176e66323",
      size: 3_457_977,
      unpackedSize: 9_200_000,
    },
  },
  {
    platform: "win32",
    arch: "arm64",
    wheel: {
      file: "wgpu-0.32.0-py3-none-win_arm64.whl",
      folder: "packages/6b/16/4b097baac7c8d6e013e67f1483d100847b9ea350eb393c301a28a95c4bd5",
      sha256: "cb0414107825bd94538220cf3f329c83697b99b8e39c6e16e4e6726e427de75c",
      size: 3_264_513,
      unpackedSize: 7_700_000,
    },
  },
];

/** The wheel with wgpu-native for a kind of machine, or null where there is none. */
export function wgpuWheelFor(platform: NodeJS.Platform, arch: string): Wheel | null {
  return wgpuWheels.find((each) => each.platform === platform && each.arch === arch)?.wheel ?? null;
}

/** The wheels for an engine on a kind of machine, or null where nobody publishes them. */
export function buildFor(engine: Build["engine"], platform: NodeJS.Platform, arch: string): Build | null {
  return builds.find((build) => build.engine === engine && build.platform === platform && build.arch === arch) ?? null;
}

/** The pinned wheel of TensorFlow with that file name, for any machine, or null. */
export function tensorflowWheelNamed(file: string): Wheel | null {
  return builds.find(({ tensorflow }) => tensorflow.file === file)?.tensorflow ?? null;
}

/** All wheels of a build, TensorFlow's first. */
export function wheelsOf({ tensorflow, cuda }: Build): Wheel[] {
  return [tensorflow, ...cuda];
}

/** The address of a wheel: on PyPI's file host, or on the mirror that REVGAN_PYPI names. */
export function wheelUrl(wheel: Wheel, env: NodeJS.ProcessEnv): string {
  const base =
    env["REVGAN_PYPI"] === undefined || env["REVGAN_PYPI"] === ""
      ? "https://files.pythonhosted.org"
      : env["REVGAN_PYPI"];
  return `${base.replace(/\/+$/, "")}/${wheel.folder}/${wheel.file}`;
}
