import type { ExtensionHost } from "./host";

/** Bytes of the extension host after garbage collection: JavaScript's heap, and buffers outside it. */
export async function hostMemory(host: ExtensionHost): Promise<number> {
  return await host.run(() => {
    // Functions that `host.run` sends have no `require`.
    process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
    const collect = process.getBuiltinModule("node:vm").runInNewContext("gc") as () => void;
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  });
}
