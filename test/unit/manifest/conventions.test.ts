import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { panelViewType } from "./code";
import { commands, contributes, manifest, stringsIn, textOf, texts } from "./manifest";
import { root } from "./sources";

it("extension, container, views and panel have the names that others rely on", () => {
  expect(`${manifest.publisher}.${manifest.name}`).toBe("revgan.revgan");
  expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual(["revgan"]);
  expect(
    Object.fromEntries(
      Object.entries(contributes.views).map(([container, views]) => [container, views.map(({ id }) => id)]),
    ),
  ).toEqual({ revgan: ["revgan.runs", "revgan.monitor"] });
  expect(panelViewType()).toBe("revgan.panel");
});

it("the commands that others rely on are there", () => {
  const promised =
    "newRun train trySampleData pause resume stop resumeFromCheckpoint trainFurther translatePicture translateAToB translateBToA openPanel evaluate exportRun measureMemory compareRuns installEngine removeEngine doctor revealRun deleteRun showLog";
  expect(promised.split(" ").filter((name) => !commands.includes(name))).toEqual([]);
});

it("starts where the data is, when something of ours is used, and at no other time", () => {
  expect(manifest.activationEvents).toEqual(["onWebviewPanel:revgan.panel"]);
  expect(manifest.extensionKind).toEqual(["workspace"]);
});

it("says what it can do without trust and why it needs a disk, and takes no folder to write to from who is not trusted", () => {
  const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
  expect([untrustedWorkspaces.supported, virtualWorkspaces.supported]).toEqual(["limited", false]);
  for (const { description } of [untrustedWorkspaces, virtualWorkspaces])
    expect(textOf(description).length).toBeGreaterThan(40);
  const writing = Object.keys(contributes.configuration.properties).filter((key) => /folder|path|program/i.test(key));
  expect(untrustedWorkspaces.restrictedConfigurations).toEqual(writing);
});

it("every command is in the category RevGAN and named in title case, by what it does", () => {
  const does =
    /^(New|Train|Pause|Resume|Stop|Translate|Open|Measure|Install|Remove|Try|Reveal|Delete|Show|Export|Evaluate|Compare|Report|Choose) ?/;
  // The submenu's entries go on with its title; the doctor is called what it is called everywhere.
  const named = contributes.commands
    .filter(({ command }) => !/^revgan\.(menu.+|doctor)$/.test(command))
    .map(({ title }) => textOf(title));
  expect(contributes.commands.filter(({ category }) => category !== "RevGAN")).toEqual([]);
  expect(named.filter((title) => !does.test(title))).toEqual([]);
  const small = /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with)$/;
  const isTitleCase = (title: string): boolean =>
    title.split(" ").every((word) => small.test(word) || /^[A-Z]/.test(word));
  expect(contributes.commands.map(({ title }) => textOf(title)).filter((title) => !isTitleCase(title))).toEqual([]);
});

it("a title ends with … where the command always asks for more, and never with another stop", () => {
  const titles = contributes.commands.map(({ command, title }) => [command, textOf(title)] as const);
  expect(titles.filter(([, title]) => title.endsWith("…")).map(([command]) => command)).toEqual([
    "revgan.newRun",
    "revgan.newRunFromWeights",
    "revgan.trainOnCluster",
    "revgan.trainFurther",
    "revgan.translatePicture",
    "revgan.translateAToB",
    "revgan.translateBToA",
    "revgan.exportRun",
    "revgan.compareRuns",
    "revgan.report",
    "revgan.chooseGpu",
    "revgan.menuFromWeights",
  ]);
  expect(titles.filter(([, title]) => /[.!?:]$/.test(title))).toEqual([]);
});

it("no two commands of the palette have the same title", () => {
  const hidden = (contributes.menus["commandPalette"] ?? [])
    .filter(({ when }) => when === "false")
    .map(({ command }) => command);
  const titles = contributes.commands
    .filter(({ command }) => !hidden.includes(command))
    .map(({ title }) => textOf(title));
  expect(titles).toEqual([...new Set(titles)]);
});

it("texts are finished: whole sentences with one space between, links closed, no marks of work to do", () => {
  const pages = contributes.walkthroughs.flatMap(({ steps }) =>
    steps.map(({ media }) => readFileSync(join(root, media.markdown), "utf8")),
  );
  const all = [...Object.values(texts), ...stringsIn(manifest), ...pages];
  expect(all.filter((text) => /\b(TODO|FIXME|TBD|XXX|lorem|ipsum)\b/i.test(text))).toEqual([]);
  expect(
    Object.values(texts).filter((text) => text.trim() !== text || / {2}|\.\.\.|\]\s+\(/.test(text) || text === ""),
  ).toEqual([]);
  const sentences = Object.entries(texts).filter(([key]) => /^setting\.|\.description$|^welcome\./.test(key));
  expect(sentences.filter(([, text]) => !/[.)]$/.test(text))).toEqual([]);
});

it("walkthrough and welcome texts mark up only what VS Code renders there: ``code`` in steps, nothing in welcome texts", () => {
  const [steps, welcome] = [/^walkthrough\./, /^welcome\./].map((kind) =>
    Object.entries(texts).filter(([key]) => kind.test(key)),
  );
  expect(steps!.filter(([, text]) => /(?<!`)`(?!`)/.test(text))).toEqual([]);
  expect(welcome!.filter(([, text]) => /[`*]/.test(text))).toEqual([]);
});

it("settings are few, described and in an order of their own", () => {
  const settings = Object.values(contributes.configuration.properties);
  expect(settings.length).toBeLessThanOrEqual(6);
  expect(settings.map(({ order }) => order)).toEqual(settings.map((_, index) => index + 1));
  for (const setting of settings)
    expect(setting).toMatchObject({
      type: expect.any(String) as unknown,
      scope: expect.stringMatching(/^(window|resource|machine|machine-overridable)$/) as unknown,
      default: expect.anything() as unknown,
    });
});
