// Python packages for the tests and the bench, from PyPI, each list installed once into a virtual environment in the tests' cache folder.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, say } from "./setup.mjs";
import { cacheFolder } from "../support/vscode/install.mjs";

/**
 * The path of a Python that can import `module`, for which exactly the packages of `requirements` are installed, with the hashes that pip
 * checks. `size` tells what is fetched. Throws an Error that says what to do.
 */
export function ensurePython(name, module, requirements, size) {
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `${module}-${version}`);
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed");
  if (existsSync(done)) return python;
  say(`Installing ${name} from PyPI (${size}, once) …`);
  rmSync(folder, { recursive: true, force: true });
  const made =
    run("python3", ["-m", "venv", folder]) &&
    run(python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "--require-hashes",
      "--no-cache-dir",
      "--requirement",
      requirements,
    ]);
  if (!made || spawnSync(python, ["-c", `import ${module}`]).status !== 0)
    throw new Error(`${name} could not be installed; see the messages above`);
  writeFileSync(done, "");
  return python;
}
