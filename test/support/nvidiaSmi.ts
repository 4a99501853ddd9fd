import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lines that nvidia-smi prints for an H100, and for an older GPU. */
export const h100 = "0, NVIDIA H100 80GB HBM3, 9.0, 81559, 4, 580.159.04";
export const k80 = "1, Tesla K80, 3.7, 11441, 0, 580.159.04";

/**
 * Writes a fake nvidia-smi that prints these lines for a query of GPUs and `processes` for a query of processes, and ends with `code`.
 * It writes its variable REVGAN_GPU into the file `seen` beside it. Returns the folder of both.
 */
export function nvidiaSmi(gpus: string, code = 0, processes = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "revgan-nvidia-"));
  const path = join(folder, "nvidia-smi");
  const script = `#!/bin/sh
printf %s "$REVGAN_GPU" > ${folder}/seen
case "$1" in
--query-gpu=index,name,compute_cap,memory.total,memory.used,driver_version) printf '%s\\n' '${gpus.replaceAll("'", "'\\''")}'; exit ${code};;
--query-compute-apps=pid,used_memory) printf '%s\\n' '${processes}'; exit ${code};;
*) exit 99;;
esac
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return folder;
}
