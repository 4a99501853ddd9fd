import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Keys of package.json that only a checkout needs. The package contains its dependencies under dist/. */
const checkoutOnly = new Set(["scripts", "dependencies", "devDependencies", "overrides", "private"]);

/**
 * Writes package.json without {@link checkoutOnly}, its texts in all languages, and the files that both name outside dist/ and media/,
 * such as the schema of revgan.json.
 */
export async function copyManifest(root: string, folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(manifest).filter(([key]) => !checkoutOnly.has(key)));
  await writeFile(join(folder, "package.json"), `${JSON.stringify(kept, null, 2)}\n`);
  const texts = (await readdir(root)).filter((name) => /^package\.nls(\.[\w-]+)?\.json$/.test(name));
  for (const name of texts) await cp(join(root, name), join(folder, name));
  if (existsSync(join(root, "l10n"))) await cp(join(root, "l10n"), join(folder, "l10n"), { recursive: true });
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(root, name), "utf8"));
  for (const file of filesNamedBy([kept, ...(await Promise.all(texts.map(read)))])) {
    if (/^(dist|media)\//.test(file) || !existsSync(join(root, file))) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
}

/** The paths in any value of a manifest that lead to a file in a subfolder of the extension, sorted and without the leading `./`. */
export function filesNamedBy(manifest: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string" && /^(\.\/)?[\w-][\w.-]*(\/[\w.-]+)+\.\w+$/.test(value))
      found.add(value.replace(/^\.\//, ""));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(manifest);
  return [...found].sort();
}
