import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openPromise } from "yauzl";
import { formatBytes } from "../extension/trainer/formatBytes";
import { readBinary } from "./binaries/readBinary";

/** Lines to print: the folders of a finished package with their compressed bytes and number of files, largest first. */
export async function contentLines(vsix: string): Promise<string[]> {
  const parts = new Map<string, { files: number; bytes: number }>();
  const zip = await openPromise(vsix, { lazyEntries: true, autoClose: false });
  try {
    for await (const { fileName, compressedSize } of zip.eachEntry()) {
      const part = partOf(fileName);
      const { files, bytes } = parts.get(part) ?? { files: 0, bytes: 0 };
      parts.set(part, { files: files + 1, bytes: bytes + compressedSize });
    }
  } finally {
    zip.close();
  }
  return [...parts]
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .map(([part, { files, bytes }]) => `${formatBytes(bytes).padStart(9)}  ${part} (${files} files)`);
}

/** The folder under which a file is counted: its first two folders (`dist/node_modules`), its only folder (`dist`), or `.` without one. */
function partOf(fileName: string): string {
  const [first = ".", second, ...rest] = fileName.replace(/^extension\//, "").split("/");
  if (second === undefined) return ".";
  return rest.length === 0 ? first : `${first}/${second}`;
}

/** Lines to print: each compiled addon of a package's folder with its libraries, their versions and its number of Node's functions. */
export async function addonLines(folder: string): Promise<string[]> {
  const bindings = join(folder, "dist", "bindings");
  const names = (await readdir(bindings, { recursive: true })).filter((name) => name.endsWith(".node")).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(bindings, name));
      const { platform, arch, libraries, imports, versions } = readBinary(bytes)!;
      const ofNode = imports.filter((each) => /^(napi|node_api|uv)_/.test(each)).length;
      const asks = [...libraries, ...versions, `${ofNode} functions of Node's`].join(", ");
      return `${formatBytes(bytes.length).padStart(9)}  ${name}: ${platform} ${arch}, asks for ${asks}`;
    }),
  );
}
