import type { Target } from "./targets";

/**
 * The newest versions that TensorFlow 2.21's own libraries ask the system for (`objdump -p`, its wheel is manylinux_2_27). What asks
 * for no newer ones runs wherever TensorFlow does, and where VS Code does, which wants glibc 2.28.
 */
const newest = { GLIBC: "2.27", GLIBCXX: "3.4.22", CXXABI: "1.3.11" } as const;

/** How files for a processor begin: ELF has its number at byte 18, Mach-O (64 bits, little-endian) at byte 4. */
const elfMachines: Record<string, number> = { x64: 0x3e, arm64: 0xb7 };
const machMachines: Record<string, number> = { x64: 0x01000007, arm64: 0x0100000c };

/**
 * Why a compiled file will not run on the systems of a target, or null. On macOS the linker takes the oldest system from the
 * compiler's target, so there only the processor is looked at.
 */
export function refusalOf(bytes: Buffer, target: Target): string | null {
  const [magic, machine, wanted] =
    target.platform === "darwin"
      ? [0xfeedfacf, bytes.readUInt32LE(4), machMachines[target.arch]]
      : [0x464c457f, bytes.readUInt16LE(18), elfMachines[target.arch]];
  if (bytes.readUInt32LE(0) !== magic || machine !== wanted) return `is not for ${target.name}`;
  if (target.platform === "darwin") return null;
  for (const [library, most] of Object.entries(newest)) {
    const tooNew = neededVersions(bytes, library).find((version) => compareVersions(version, most) > 0);
    if (tooNew !== undefined)
      return `needs ${library}_${tooNew}, and may need no newer than ${library}_${most}, which TensorFlow itself needs`;
  }
  return null;
}

/** The versions of a library that a file names, as its table of strings has them: each ends with a zero byte. */
function neededVersions(bytes: Buffer, library: string): string[] {
  const names = bytes.toString("latin1").matchAll(new RegExp(`\\0${library}_([0-9.]+)(?=\\0)`, "g"));
  return [...names].map(([, version]) => version!);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = left.findIndex((part, i) => part !== (right[i] ?? 0));
  return at < 0 ? 0 : left[at]! - (right[at] ?? 0);
}
