import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { runProcess } from "../extension/processes/runProcess";
import { makeBinding } from "./binding";
import { copyManifest } from "./manifest";
import { bundledPackages, thirdPartyNotices, type Metafile } from "./notices";
import { publishedText } from "./publishedText";
import { copyRuntimeModules } from "./runtimeModules";
import { copySharpPlatform } from "./sharpPlatform";
import type { Target } from "./targets";

/** Pictures in README and its translation. They are not packaged, because the Marketplace loads them from the repository. */
const readmePictures = /^media\/(?:screenshots\/|demo-)/;

/**
 * Writes exactly the files of the package into a folder: manifest, texts, media, production bundles, and under dist/ the node_modules and
 * the compiled binding that the programs load.
 * @throws RevganError `internal` if the build fails, and the errors of {@link copySharpPlatform} and {@link makeBinding}
 */
export async function stage(root: string, target: Target, folder: string, scratch: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const dist = join(folder, "dist");
  const built = await runProcess(process.execPath, ["esbuild.mjs", "--production", "--out", dist], {
    timeoutMs: 5 * 60_000,
    cwd: root,
  });
  if (built.code !== 0)
    throw new RevganError(
      "internal",
      `the build failed: ${built.stderr.trim().split("\n")[0] ?? ""}`,
      "run `npm run build`",
    );

  await copyManifest(root, folder);
  await writeTexts(root, folder);
  await copyMedia(root, folder);
  const modules = join(dist, "node_modules");
  const packages = [
    ...(await copyRuntimeModules(root, modules)),
    ...(await copySharpPlatform(root, target, modules, scratch)),
  ];
  await makeBinding(target, join(dist, "bindings", target.name), scratch);

  const metafiles = (await readdir(dist)).filter((name) => name.endsWith(".meta.json"));
  const bundled = (await Promise.all(metafiles.map((name) => readMetafile(join(dist, name))))).flatMap(bundledPackages);
  const folders = [...new Set(bundled)]
    .map((name) => join(root, "node_modules", name))
    .concat(packages.map((name) => join(modules, name)));
  const apache = await readFile(join(root, "node_modules", "sharp", "LICENSE"), "utf8");
  await writeFile(join(folder, "ThirdPartyNotices.txt"), await thirdPartyNotices(folders, apache));
}

/** Reads the metafile that esbuild wrote for a bundle. */
export async function readMetafile(path: string): Promise<Metafile> {
  return JSON.parse(await readFile(path, "utf8")) as Metafile;
}

async function writeTexts(root: string, folder: string): Promise<void> {
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { repository?: unknown };
  for (const name of ["README.md", "README.zh-cn.md", "CHANGELOG.md"])
    await writeFile(
      join(folder, name),
      publishedText(await readFile(join(root, name), "utf8"), manifest.repository !== undefined),
    );
}

async function copyMedia(root: string, folder: string): Promise<void> {
  const media = join(root, "media");
  await cp(media, join(folder, "media"), {
    recursive: true,
    filter: (path) => !readmePictures.test(`media${path.slice(media.length).replaceAll("\\", "/")}`),
  });
}

/** The size of a file, or of all files below a folder, in bytes. */
export async function bytesOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const inside = await Promise.all((await readdir(path)).map((name) => bytesOf(join(path, name))));
  return inside.reduce((sum, bytes) => sum + bytes, 0);
}
