import { basename } from "node:path";

/** The commands that train and evaluate the same run again, from `revgan.json`. */
export function commandsOf(isEvaluated: boolean): string {
  return ["revgan train --config revgan.json --run RUN", ...(isEvaluated ? ["revgan evaluate --run RUN"] : [])].join(
    "\n",
  );
}

/** The keys that name files or folders, by section. */
const pathKeys = { data: ["path", "a", "b"], training: ["init"] } as const;

/**
 * A configuration, or the written part of one, with only the last part of the paths of its data folders and of the weights that it starts
 * with, because reports must not reveal the others.
 */
export function publicConfig<T extends object>(config: T): T {
  const sections = config as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  const shortened = Object.entries(pathKeys).flatMap(([name, keys]) => {
    const section = sections[name];
    if (section === undefined) return [];
    const paths = keys.flatMap((key) => (typeof section[key] === "string" ? [[key, basename(section[key])]] : []));
    return [[name, { ...section, ...(Object.fromEntries(paths) as object) }] as const];
  });
  return { ...config, ...Object.fromEntries(shortened) };
}
