/** What of TensorFlow's, NVIDIA's, MPICH's and wgpu-native's wheels, or of a folder with TensorFlow's layout, is needed, and where it goes in the folder that is installed. */

/** The C API library and the framework library, under the names that they ask each other for. */
export interface LibraryNames {
  api: string;
  framework: string;
}

/** The names of the two libraries, the wheels' first; `libtensorflow.*` is what the C API archives of libtensorflow hold. */
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
 * The headers that tfjs-node's binding includes, directly or not (as `g++ -M` lists them for 2.21.0), by folder where the folder is
 * theirs. `tsl/c` is where the status header was up to 2.17.
 */
const headerPrefixes = [
  "tensorflow/c/",
  "tensorflow/core/platform/ctstring",
  "tsl/c/",
  "tsl/platform/ctstring",
  "xla/tsl/c/",
  "xla/tsl/platform/ctstring",
];

/** Is this file, named relative to the include folder, needed for compiling the binding? */
export function isNeededHeader(path: string): boolean {
  return path.endsWith(".h") && headerPrefixes.some((prefix) => path.startsWith(prefix));
}

/** Could a folder, relative to the include folder and without a final slash, hold needed headers? */
export function mayHoldHeaders(folder: string): boolean {
  return headerPrefixes.some((prefix) => prefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(prefix));
}

/** Where a file of TensorFlow's wheel goes in the engine's folder, with `/` between the parts; null for the many files that are not needed. */
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
 * NVIDIA's libraries that nothing here calls: nvblas and cufftw, which stand in for BLAS and FFTW, and cusolverMg, which drives several
 * GPUs.
 */
const unusedCuda = /^lib(?:nvblas|cufftw|cusolverMg)\.so/;

/**
 * Where a file of one of NVIDIA's wheels goes in the engine's folder; null for what is not needed. All libraries go into
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

/** Where a file of MPICH's wheel goes; null for the compilers' wrappers, headers and the library with MPICH's own ABI. */
export function placeMpi(pathInWheel: string): string | null {
  const [, folder, path = ""] = /^mpich-[^/]+\.(data\/data|dist-info)\/(.+)$/.exec(pathInWheel) ?? [];
  if (folder === "dist-info") return /^licenses\/(LICENSE[\w.-]*)$/.exec(path)?.[1] ?? null;
  if (path === "bin/mpiexec" || path === "bin/hydra_pmi_proxy") return path;
  return /^lib\/(libp?mpi_abi\.(so\.1|1\.dylib)|mpich\/[\w./-]+\.so[\w.]*)$/.test(path) ? path : null;
}

/** wgpu-native's library, as it calls itself. */
export function wgpuLibraryName(platform: NodeJS.Platform): string {
  if (platform === "win32") return "wgpu_native.dll";
  return platform === "darwin" ? "libwgpu_native.dylib" : "libwgpu_native.so";
}

/** Where a file of the wheel with wgpu-native goes; null for its Python part. */
export function placeWgpu(pathInWheel: string, platform: NodeJS.Platform): string | null {
  const library = wgpuLibraryName(platform);
  if (pathInWheel === `wgpu/resources/${library.replace(".", "-release.")}`) return `lib/${library}`;
  return /^wgpu-[^/]+\.dist-info\/licenses\/LICENSE$/.test(pathInWheel) ? "LICENSE.wgpu-py" : null;
}
