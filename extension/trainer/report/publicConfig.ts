import { basename } from "node:path";

/**
 * A configuration, or the written part of one, with only the last part of its data folders' paths, because reports must not reveal the
 * others.
 */
export function publicConfig<T extends object>(config: T): T {
  const { data } = config as { readonly data?: Readonly<Record<string, unknown>> };
  if (data === undefined) return config;
  const shortened = ["path", "a", "b"].flatMap((key) =>
    typeof data[key] === "string" ? [[key, basename(data[key])] as const] : [],
  );
  return { ...config, data: { ...data, ...Object.fromEntries(shortened) } };
}
