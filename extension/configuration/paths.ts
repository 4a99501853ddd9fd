/** The keys whose values are paths of files or folders. */
export const pathKeys: readonly string[] = ["data.path", "data.a", "data.b", "training.init"];

/**
 * A copy of a configuration, or of one of its sections, in which `change` has replaced the value of every key of {@link pathKeys}.
 * @param section dotted key of the section; empty for a whole configuration
 */
export function mapPaths<T extends object>(config: T, change: (path: string, key: string) => string, section = ""): T {
  const entries = Object.entries(config).map(([name, value]: [string, unknown]): [string, unknown] => {
    const key = section === "" ? name : `${section}.${name}`;
    if (typeof value === "string") return [name, pathKeys.includes(key) ? change(value, key) : value];
    const isSection = typeof value === "object" && value !== null && !Array.isArray(value);
    return [name, isSection ? mapPaths(value, change, key) : value];
  });
  return Object.fromEntries(entries) as T;
}
