import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sources";

/** A command, a menu's entry, a view… of the manifest: whatever is said of it. */
export type Entry = Readonly<Record<string, unknown>>;

interface Contributions {
  readonly commands: readonly (Entry & {
    readonly command: string;
    readonly title: string;
    readonly category?: string;
    readonly enablement?: string;
  })[];
  readonly submenus: readonly { readonly id: string; readonly label: string }[];
  readonly menus: Readonly<
    Record<
      string,
      readonly {
        readonly command?: string;
        readonly submenu?: string;
        readonly when?: string;
        readonly group?: string;
      }[]
    >
  >;
  readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
  readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
  readonly views: Readonly<
    Record<string, readonly { readonly id: string; readonly name?: string; readonly when?: string }[]>
  >;
  readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
  readonly configuration: {
    readonly properties: Readonly<
      Record<string, Entry & { readonly order?: number; readonly markdownDescription?: string }>
    >;
  };
  readonly walkthroughs: readonly {
    readonly id: string;
    readonly steps: readonly {
      readonly description: string;
      readonly media: { readonly markdown: string };
      readonly completionEvents: readonly string[];
    }[];
  }[];
}

/** What VS Code knows of the extension. */
export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly main: string;
  readonly l10n: string;
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description: string };
  };
  readonly contributes: Contributions;
}

/** `package.json`, as it is written: texts are `%keys%`. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** The texts of the manifest, by key. */
export const texts = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Readonly<
  Record<string, string>
>;

export const { contributes } = manifest;

/** The commands, without their prefix. */
export const commands = contributes.commands.map(({ command }) => command.replace(/^revgan\./, ""));

/** The text that stands for a `%key%`; any other text is itself. */
export function textOf(value: string): string {
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : (texts[key] ?? `%${key}% is missing`);
}

/** Every string below a value of the manifest. */
export function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const inside of Object.values(value)) yield* stringsIn(inside);
}

/** Every condition of the manifest. */
export function conditions(): string[] {
  const { commands: all, menus, views, viewsWelcome, keybindings = [] } = contributes;
  const entries = [...Object.values(menus).flat(), ...Object.values(views).flat(), ...viewsWelcome, ...keybindings];
  return [...entries.map(({ when }) => when), ...all.map(({ enablement }) => enablement)].filter(
    (when) => when !== undefined,
  );
}

/** The addresses of the links `[text](address)` of a text. */
export function linksOf(text: string): string[] {
  return [...text.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1]!);
}
