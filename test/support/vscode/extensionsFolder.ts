import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Installed {
  identifier: { id: string };
  version: string;
  location: { $mid: 1; fsPath: string; path: string; scheme: "file" };
  metadata: Record<string, unknown>;
}

/** Adds unpacked extensions to the list of installed extensions in VS Code's format, without copying them. @param folders the extensions */
export function addExtensions(extensionsFolder: string, folders: readonly string[]): void {
  mkdirSync(extensionsFolder, { recursive: true });
  const list = join(extensionsFolder, "extensions.json");
  const added = folders.map((folder): Installed => {
    const { publisher, name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
      "publisher" | "name" | "version",
      string
    >;
    const path = decodeURIComponent(pathToFileURL(folder).pathname);
    return {
      identifier: { id: `${publisher}.${name}` },
      version,
      location: { $mid: 1, fsPath: folder, path, scheme: "file" },
      metadata: {},
    };
  });
  writeFileSync(list, JSON.stringify([...installed(list), ...added]));
}

function installed(list: string): Installed[] {
  try {
    return JSON.parse(readFileSync(list, "utf8")) as Installed[];
  } catch {
    return [];
  }
}
