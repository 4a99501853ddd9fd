/** A setting as package.json contributes it, below `revgan.`. */
interface Setting {
  readonly type: "boolean" | "string";
  readonly default: boolean | string;
  readonly scope: "window" | "resource" | "machine";
  /** Of a string. */
  readonly pattern?: string;
}

/** All settings, in the order in which the editor shows them. */
export const settings = {
  "panel.openOnTrain": { type: "boolean", default: true, scope: "window" },
  /** Empty: the source's folder. */
  "translate.outputFolder": { type: "string", default: "", scope: "resource" },
  "translate.openResult": { type: "boolean", default: true, scope: "window" },
  /** Its number in the engine's list, or a part of its name; empty for the one that the engine takes. */
  gpu: { type: "string", default: "", scope: "machine", pattern: "^[^\\u0000-\\u001f]{0,200}$" },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
export type SettingValue<Name extends SettingName> = (typeof settings)[Name]["type"] extends "boolean"
  ? boolean
  : string;

/** The value of a setting; the default for a value of another type or outside of the pattern. */
export function settingValue<Name extends SettingName>(name: Name, written: unknown): SettingValue<Name> {
  const { type, default: unset, pattern = "" }: Setting = settings[name];
  const isRight = typeof written === type && (typeof written !== "string" || new RegExp(pattern).test(written));
  return (isRight ? written : unset) as SettingValue<Name>;
}
