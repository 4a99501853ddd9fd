/** A setting as `package.json` contributes it, under the prefix `revgan.`. */
interface Setting {
  readonly type: "boolean" | "string";
  readonly default: boolean | string;
  readonly scope: "window" | "resource" | "machine";
  /** For a string only: the regular expression that its values must match. */
  readonly pattern?: string;
}

/** All settings, in the order in which the editor shows them. */
export const settings = {
  "panel.openOnTrain": { type: "boolean", default: true, scope: "window" },
  /** The folder for translations; empty for the folder of the source file. */
  "translate.outputFolder": { type: "string", default: "", scope: "resource" },
  "translate.openResult": { type: "boolean", default: true, scope: "window" },
  /** The GPU to compute on: its number in the engine's list, or a part of its name; empty for the engine's own choice. */
  gpu: { type: "string", default: "", scope: "machine", pattern: "^[^\\u0000-\\u001f]{0,200}$" },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
export type SettingValue<Name extends SettingName> = (typeof settings)[Name]["type"] extends "boolean"
  ? boolean
  : string;

/** The value of a setting, from what the user wrote; the default for a value that has another type or does not match the pattern. */
export function settingValue<Name extends SettingName>(name: Name, written: unknown): SettingValue<Name> {
  const { type, default: unset, pattern = "" }: Setting = settings[name];
  const isRight = typeof written === type && (typeof written !== "string" || new RegExp(pattern).test(written));
  return (isRight ? written : unset) as SettingValue<Name>;
}
