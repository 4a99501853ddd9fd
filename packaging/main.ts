import { createVSIX } from "@vscode/vsce";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { RevganError } from "../extension/protocol/errors";
import { addonLines, contentLines } from "./contents";
import { figureLine, figuresOf, overLimit } from "./figures";
import { stage } from "./stage";
import { targetNamed } from "./targets";

/** `npm run package [-- --target TARGET] [-- --out FOLDER]`, run in the checkout: writes revgan-TARGET-VERSION.vsix. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: "string" }, out: { type: "string", default: "." } } });
  const root = process.cwd();
  const target = targetNamed(values.target);
  const scratch = await mkdtemp(join(tmpdir(), "revgan-package-"));
  try {
    const folder = join(scratch, "extension");
    await stage(root, target, folder, scratch);
    const { version, repository } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
      repository?: unknown;
    };
    await mkdir(values.out, { recursive: true });
    const vsix = resolve(values.out, `revgan-${target.name}-${version}.vsix`);
    await createVSIX({
      cwd: folder,
      packagePath: vsix,
      target: target.name,
      dependencies: false,
      ignoreFile: join(root, ".vscodeignore"),
      rewriteRelativeLinks: repository !== undefined,
      allowMissingRepository: true,
      followSymlinks: false,
    });
    const figures = await figuresOf(vsix, folder);
    for (const line of [...(await contentLines(vsix)), ...(await addonLines(folder)), ...figures.map(figureLine)])
      console.log(line);
    const error = overLimit(figures);
    if (error) throw error;
    console.log(vsix);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  const text = error instanceof RevganError ? `${error.message}: ${error.remedy}` : String(error);
  process.stderr.write(`revgan: ${text}\n`);
  // The cause is the output of a compiler.
  if (error instanceof Error && error.cause instanceof Error) process.stderr.write(`${error.cause.message}\n`);
  process.exitCode = error instanceof RevganError ? error.exitCode : 1;
});
