import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The user's cache folders, shared by all projects. They may not exist yet. */
export interface CacheFolders {
  root: string;
  /** Folder with a subfolder for each installed engine. */
  engines: string;
  /** Folder of the wheels that are being downloaded; empty between installations. */
  downloads: string;
}

/**
 * The cache folders in `$REVGAN_CACHE`, else `$XDG_CACHE_HOME/revgan`, else the system's cache folder. A relative XDG_CACHE_HOME is
 * ignored, as the XDG base directory specification asks.
 */
export function cacheFolders(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): CacheFolders {
  const root = cacheRoot(env, platform, home);
  return { root, engines: join(root, "engines"), downloads: join(root, "downloads") };
}

function cacheRoot(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const own = env["REVGAN_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "revgan");
  if (platform === "darwin") return join(home, "Library", "Caches", "revgan");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "revgan");
  return join(home, ".cache", "revgan");
}
