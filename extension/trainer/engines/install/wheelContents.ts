/**
 * Which files of TensorFlow's, NVIDIA's, MPICH's and wgpu-native's wheels (or of a folder with TensorFlow's layout) are needed, and their
 * paths in the installed folder.
 */

/** The file names of the C API library and the framework library, by which they are also linked with each other. */
export interface LibraryNames {
  api: string;
  framework: string;
}

/** The names of the two libraries: first those in the wheels, then `libtensorflow.*` from the archives of the C API. */
export function libraryNames(platform: NodeJS.Platform): LibraryNames[] {
  if (platform === "darwin") {
    const framework = "libtensorflow_framework.2.dylib";
    return [
      { api: "libtensorflow_cc.2.dylib", framework },
      { api: "libtensorflow.2.dylib", framework },
    ];
  }
  const framework = "libtensorflow_framework.so.2";
  return [
    { api: "libtensorflow_cc.so.2", framework },
    { api: "libtensorflow.so.2", framework },
  ];
}

/**
 * The headers that tfjs-node's binding includes, directly or not (as `g++ -M` lists them for 2.21.0), by folder where a whole folder is
 * needed. `tsl/c` had the status header up to 2.17.
 */
const headerPrefixes = [
  "tensorflow/c/",
  "tensorflow/core/platform/ctstring",
  "tsl/c/",
  "tsl/platform/ctstring",
  "xla/tsl/c/",
  "xla/tsl/platform/ctstring",
];

/** Whether a file, named relative to the include folder, is needed for compiling the binding. */
export function isNeededHeader(path: string): boolean {
  return path.endsWith(".h") && headerPrefixes.some((prefix) => path.startsWith(prefix));
}

/** Whether a folder, relative to the include folder and without a final slash, may hold needed headers. */
export function mayHoldHeaders(folder: string): boolean {
  return headerPrefixes.some((prefix) => prefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(prefix));
}

/**
 * The path of a file of TensorFlow's wheel in the engine's folder, with `/` between the parts; null for a file that is not needed, as most
 * are.
 */
export function pathInEngine(pathInWheel: string, platform: NodeJS.Platform): string | null {
  const { api, framework } = libraryNames(platform)[0]!;
  if (pathInWheel === `tensorflow/${api}`) return `lib/${api}`;
  if (pathInWheel === `tensorflow/${framework}`) return `lib/${framework}`;
  if (pathInWheel === "tensorflow/THIRD_PARTY_NOTICES.txt") return "THIRD_PARTY_NOTICES.txt";
  if (pathInWheel === "tensorflow/include/LICENSE") return "LICENSE.tensorflow";
  const include = "tensorflow/include/";
  if (!pathInWheel.startsWith(include)) return null;
  const header = pathInWheel.slice(include.length);
  return isNeededHeader(header) ? `include/${header}` : null;
}

/**
 * NVIDIA's libraries that TensorFlow does not use here: nvblas and cufftw, which stand in for BLAS and FFTW, and cusolverMg, which drives
 * several GPUs.
 */
const unusedCuda = /^lib(?:nvblas|cufftw|cusolverMg)\.so/;

/**
 * The path of a file of one of NVIDIA's wheels in the engine's folder; null for a file that is not needed. All libraries go into
 * `nvidia/cublas/lib`: TensorFlow's library finds them there by its RUNPATH, which names no folder for cuSOLVER, and they find each other
 * by their own RUNPATH.
 */
export function placeCudaInEngine(pathInWheel: string): string | null {
  const library = /^nvidia\/\w+\/lib\/(lib[\w-]+\.so(?:\.\d+)+)$/.exec(pathInWheel)?.[1];
  if (library !== undefined) return unusedCuda.test(library) ? null : `nvidia/cublas/lib/${library}`;
  const name = /^(nvidia_\w+)-[^/]+\.dist-info\/(?:licenses\/)?License\.txt$/.exec(pathInWheel)?.[1];
  return name === undefined ? null : `LICENSE.${name}`;
}

/** The library with MPI's standard ABI, as MPICH's wheel names it. */
export function mpiLibraryName(platform: NodeJS.Platform): string {
  return platform === "darwin" ? "libmpi_abi.1.dylib" : "libmpi_abi.so.1";
}

/** The path of a file of MPICH's wheel in the folder; null for the compilers' wrappers, headers and the library with MPICH's own ABI. */
export function placeMpi(pathInWheel: string): string | null {
  const [, folder, path = ""] = /^mpich-[^/]+\.(data\/data|dist-info)\/(.+)$/.exec(pathInWheel) ?? [];
  if (folder === "dist-info") return /^licenses\/(LICENSE[\w.-]*)$/.exec(path)?.[1] ?? null;
  if (path === "bin/mpiexec" || path === "bin/hydra_pmi_proxy") return path;
  return /^lib\/(libp?mpi_abi\.(so\.1|1\.dylib)|mpich\/[\w./-]+\.so[\w.]*)$/.test(path) ? path : null;
}

/** The file name of wgpu-native's library. */
export function wgpuLibraryName(platform: NodeJS.Platform): string {
  if (platform === "win32") return "wgpu_native.dll";
  return platform === "darwin" ? "libwgpu_native.dylib" : "libwgpu_native.so";
}

/** The path of a file of wgpu-native's wheel in the engine's folder; null for the wheel's Python part. */
export function placeWgpu(pathInWheel: string, platform: NodeJS.Platform): string | null {
  const library = wgpuLibraryName(platform);
  if (pathInWheel === `wgpu/resources/${library.replace(".", "-release.")}`) return `lib/${library}`;
  return /^wgpu-[^/]+\.dist-info\/licenses\/LICENSE$/.test(pathInWheel) ? "LICENSE.wgpu-py" : null;
}
