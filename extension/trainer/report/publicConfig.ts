import { basename } from "node:path";

/** A configuration, or what is written of one, whose data folders are named without what is above them: that is nobody's business. */
export function publicConfig<T extends object>(config: T): T {
  const { data } = config as { readonly data?: Readonly<Record<string, unknown>> };
  if (data === undefined) return config;
  const shortened = ["path", "a", "b"].flatMap((key) =>
    typeof data[key] === "string" ? [[key, basename(data[key])] as const] : [],
  );
  return { ...config, data: { ...data, ...Object.fromEntries(shortened) } };
}
