import type * as z from "zod/mini";
import { configSchema } from "./schema";

/** Dotted paths of every setting, for example `network.discriminator.width`; sections such as `network` are not among them. */
export const settingKeys: readonly string[] = [];

/** Dotted paths of the objects that hold settings. `data.folders` is a setting (it may be null) and a section. */
export const sectionKeys: readonly string[] = [];

collect(configSchema, "", settingKeys as string[], sectionKeys as string[]);

function collect(schema: z.core.$ZodType, path: string, settings: string[], sections: string[]): void {
  let inner = schema;
  let nullable = false;
  for (;;) {
    const { def } = inner._zod as {
      def: { type: string; innerType?: z.core.$ZodType; shape?: Record<string, z.core.$ZodType> };
    };
    nullable ||= def.type === "nullable";
    if (def.innerType === undefined) {
      if (def.shape === undefined || nullable) settings.push(path);
      if (def.shape === undefined) return;
      if (path !== "") sections.push(path);
      for (const [name, child] of Object.entries(def.shape)) {
        if (!name.startsWith("$")) collect(child, path === "" ? name : `${path}.${name}`, settings, sections);
      }
      return;
    }
    inner = def.innerType;
  }
}
