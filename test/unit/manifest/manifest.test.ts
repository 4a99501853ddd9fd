import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { filesNamedBy } from "../../../packaging/manifest";
import { panelActions } from "../../../extension/protocol/panel";
import { settings } from "../../../extension/vscode/settings";
import { askersForSettings, commandsInCode, contextKeysInCode, settingsInCode, tableKeys } from "./code";
import { commands, conditions, contributes, linksOf, manifest, stringsIn, textOf, texts } from "./manifest";
import { root } from "./sources";
import { keysOf } from "./whenClause";

const full = commands.map((name) => `revgan.${name}`);
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

it("every command of the manifest is registered, and every registered one is in the manifest", () => {
  expect([...commands].sort()).toEqual(tableKeys().sort());
});

it("menus, keys, links, walkthrough and code name commands that exist", () => {
  const descriptions = [
    ...contributes.viewsWelcome.map(({ contents }) => contents),
    ...steps.map(({ description }) => description),
  ].map(textOf);
  const pages = steps.map(({ media }) => readFileSync(join(root, media.markdown), "utf8"));
  const linked = [...descriptions, ...pages].flatMap(linksOf).map((link) => /^command:(revgan\.[^?]+)/.exec(link)?.[1]);
  const completing = steps
    .flatMap(({ completionEvents }) => completionEvents)
    .map((event) => /^onCommand:(.+)/.exec(event)?.[1]);
  const chosen = [...Object.values(contributes.menus).flat(), ...(contributes.keybindings ?? [])].map(
    ({ command }) => command,
  );
  const named = [...linked, ...completing, ...chosen, ...commandsInCode()].filter((name) => name !== undefined);
  expect(named.length).toBeGreaterThan(full.length);
  expect(named.filter((name) => !full.includes(name))).toEqual([]);
});

it("what the panel and the tree offer are commands", () => {
  // A measurement is cancelled where it is shown.
  expect(panelActions.filter((action) => action !== "cancelMeasurement" && !commands.includes(action))).toEqual([]);
});

it("submenus that are shown exist, and have entries", () => {
  const shown = Object.values(contributes.menus)
    .flat()
    .flatMap(({ submenu }) => submenu ?? []);
  expect([...new Set(shown)]).toEqual(contributes.submenus.map(({ id }) => id));
  expect(shown.filter((id) => (contributes.menus[id] ?? []).length === 0)).toEqual([]);
});

it("links to the walkthrough lead to it", () => {
  const links = contributes.viewsWelcome
    .flatMap(({ contents }) => linksOf(textOf(contents)))
    .filter((link) => link.includes("openWalkthrough"));
  const targets = links.map(
    (link) => (JSON.parse(decodeURIComponent(link.slice(link.indexOf("?") + 1))) as [string])[0],
  );
  expect(targets).toEqual(links.map(() => `${manifest.publisher}.${manifest.name}#${contributes.walkthroughs[0]!.id}`));
});

it("every %key% has its text, and every text is used", () => {
  const used = [...stringsIn(manifest)].flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
  expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
});

it("what users read of commands, settings, views and steps can be translated", () => {
  const { commands: all, submenus, views, viewsWelcome, configuration, walkthroughs } = contributes;
  const shown = [
    ...all.map(({ title }) => title),
    ...submenus.map(({ label }) => label),
    ...Object.values(views)
      .flat()
      .flatMap(({ name }) => name ?? []),
    ...viewsWelcome.map(({ contents }) => contents),
    ...Object.values(configuration.properties).map(
      ({ markdownDescription }) => markdownDescription ?? "no description",
    ),
    ...walkthroughs.flatMap(({ steps: each }) => each.map(({ description }) => description)),
  ];
  expect(shown.filter((text) => !/^%.+%$/.test(text))).toEqual([]);
});

it("the manifest has the settings of the table, with their types, defaults and scopes", () => {
  const properties = Object.entries(contributes.configuration.properties).map(
    ([name, { type, default: unset, scope, pattern }]) => [
      name,
      { type, default: unset, scope, ...(pattern !== undefined && { pattern }) },
    ],
  );
  expect(properties).toEqual(Object.entries(settings).map(([name, setting]) => [`revgan.${name}`, setting]));
});

it("every setting of the table is read, and one module asks VS Code for them", () => {
  expect(settingsInCode()).toEqual(Object.keys(settings).sort());
  expect(askersForSettings()).toEqual(["extension/vscode/readSetting.ts"]);
});

it("context keys of conditions are set, and those that are set are used", () => {
  const ours = conditions()
    .flatMap(keysOf)
    .filter((key) => key.startsWith("revgan."));
  expect([...new Set(ours)].sort()).toEqual(contextKeysInCode());
});

it("entries of the tree are shown by the action that they are for", () => {
  for (const { command = "", when = "" } of contributes.menus["view/item/context"] ?? []) {
    const asked = /viewItem =~ \/\\b(\w+)\\b\//.exec(when)?.[1];
    // Of a folder of runs, which has one action.
    if (command === "revgan.compareFolder") expect(asked).toBe("compareFolder");
    // Any run can be opened, and reported on, as can be any folder of runs.
    else if (asked === undefined) expect(["revgan.openPanel", "revgan.report"], when).toContain(command);
    else expect([`revgan.${asked}`, panelActions.some((action) => action === asked)]).toEqual([command, true]);
  }
});

it("conditions and welcome texts name views that exist", () => {
  const views = Object.values(contributes.views)
    .flat()
    .map(({ id }) => id);
  const named = [
    ...conditions().flatMap((when) => [...when.matchAll(/\bview == ([\w.]+)/g)].map((match) => match[1]!)),
    ...contributes.viewsWelcome.map(({ view }) => view),
  ];
  expect(named.filter((view) => !views.includes(view))).toEqual([]);
});

it("every file that the manifest names is there, and every picture of its pages", () => {
  const files = filesNamedBy([manifest, texts]).filter((file) => !file.startsWith("dist/"));
  const pictures = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((page) => {
      const text = readFileSync(join(root, page), "utf8");
      return [...text.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)].map((match) => `${dirname(page)}/${match[2]!}`);
    });
  expect(pictures.length).toBeGreaterThan(0);
  expect([...files, ...pictures, manifest.l10n].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
