import { build } from "esbuild";
import { join } from "node:path";

/** What a page loads: the webview's one script and one style sheet. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

let made: Promise<Bundle> | undefined;

/** The webview as it is in the source, built once a process and kept in memory. */
export function webviewBundle(): Promise<Bundle> {
  made ??= bundled();
  return made;
}

async function bundled(): Promise<Bundle> {
  const root = join(import.meta.dirname, "..", "..", "..");
  const { outputFiles } = await build({
    entryPoints: { webview: join(root, "webview", "main.ts") },
    outdir: "/webview",
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2022",
    loader: { ".ttf": "file" },
    logLevel: "warning",
  });
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}
