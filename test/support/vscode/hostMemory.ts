import type { ExtensionHost } from "./host";

/** Bytes that the extension host holds after everything that nobody needs was collected: JavaScript's heap, and buffers outside it. */
export async function hostMemory(host: ExtensionHost): Promise<number> {
  return await host.run(() => {
    // Functions of tests have no `require` of their own.
    process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
    const collect = process.getBuiltinModule("node:vm").runInNewContext("gc") as () => void;
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  });
}
