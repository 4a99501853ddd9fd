import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { noise, writeTree } from "../support/images";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extension, workspaceFolder } from "./trainedWorkspace";

/** What the editor marks, as its user would read it. */
interface Mark {
  readonly at: string;
  readonly says: string;
  readonly isHint: boolean;
}

describe("revgan.json in the editor", () => {
  const { folder, gone } = workspaceFolder("config");
  const file = join(folder, "revgan.json");
  let vscode: Workbench;

  beforeAll(async () => {
    writeTree(folder, { "data/trainA/1.png": noise(1, 40, 40), "data/trainB/1.png": noise(2, 40, 40), empty: null });
    writeFileSync(file, "{}\n");
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
    await vscode.openFile(file);
    // What a schema cannot say is marked once RevGAN is in use in a window.
    await vscode.views.open("RevGAN");
  });

  afterAll(async () => {
    await vscode.close();
    gone();
  });

  afterEach(() => vscode.notifications.clear());

  /** Replaces the text in the editor. */
  async function write(text: string): Promise<void> {
    const replace = (): Promise<boolean> =>
      vscode.host.run(async (api, content) => {
        const editor = api.window.visibleTextEditors.find((each) => each.document.fileName.endsWith("revgan.json"))!;
        const whole = new api.Range(0, 0, editor.document.lineCount, 0);
        return (await editor.edit((edit) => edit.replace(whole, content))) && editor.document.getText() === content;
      }, text);
    // An edit is refused while another one, or a save, is on its way.
    await until("the text to be written", async () => ((await replace()) ? true : undefined));
  }

  const marks = (): Promise<Mark[]> =>
    vscode.host.run((api) => {
      const { document } = api.window.visibleTextEditors.find((each) =>
        each.document.fileName.endsWith("revgan.json"),
      )!;
      return api.languages.getDiagnostics(document.uri).map(({ range, message, severity }) => ({
        at: document.getText(range),
        says: message,
        isHint: severity === api.DiagnosticSeverity.Hint,
      }));
    });

  /** The marks once there are so many, and one of them says this: those of an earlier text may still be there. */
  async function marksWith(words: string, count: number): Promise<Mark[]> {
    const wanted = async (): Promise<Mark[] | undefined> => {
      const found = await marks();
      return found.length === count && found.some(({ says }) => says.includes(words)) ? found : undefined;
    };
    return until(`${count} marks, one with ${words}`, wanted, marks);
  }

  const selected = (): Promise<string> =>
    vscode.host.run((api) => {
      const { document, selection } = api.window.visibleTextEditors.find((each) =>
        each.document.fileName.endsWith("revgan.json"),
      )!;
      return document.getText(selection);
    });

  test("may have comments and trailing commas, and has a button to train", async () => {
    await write('{\n  // what to train on\n  "data": { "path": "data", },\n}\n');
    expect(
      await vscode.host.run(
        (api) =>
          api.window.visibleTextEditors.find((each) => each.document.fileName.endsWith("revgan.json"))!.document
            .languageId,
      ),
    ).toBe("jsonc");
    await write('{\n  // what to train on\n  "data": { "path": "data", "cropSize": 30, },\n}\n');
    await marksWith("data.cropSize must be a multiple of 4", 1);
    expect(await vscode.page.locator(".editor-actions .action-label[aria-label^=Train]").count()).toBe(1);
  });

  test("completes keys and explains them", async () => {
    await write('{\n  "network": {  }\n}\n');
    const labels = await vscode.host.run(async (api) => {
      const { uri } = api.window.visibleTextEditors.find((each) =>
        each.document.fileName.endsWith("revgan.json"),
      )!.document;
      const list: { items: { label: string | { label: string } }[] } = await api.commands.executeCommand(
        "vscode.executeCompletionItemProvider",
        uri,
        new api.Position(1, 15),
      );
      return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    });
    expect(labels).toEqual(expect.arrayContaining(["depth", "width", "backprop", "discriminator"]));
    await write('{\n  "network": { "depth": 3 }\n}\n');
    const text = await vscode.host.run(async (api) => {
      const { uri } = api.window.visibleTextEditors.find((each) =>
        each.document.fileName.endsWith("revgan.json"),
      )!.document;
      const hovers: { contents: { value: string }[] }[] = await api.commands.executeCommand(
        "vscode.executeHoverProvider",
        uri,
        new api.Position(1, 17),
      );
      return hovers.flatMap(({ contents }) => contents.map(({ value }) => value)).join("\n");
    });
    expect(text).toContain("Reversible blocks of the core");
  });

  test("marks a wrong value and a misspelt key once each, with the nearest key as a hint", async () => {
    await write('{\n  "network": {\n    "depht": 3,\n    "width": -1\n  }\n}\n');
    const found = await marksWith("Did you mean network.depth?", 3);
    await vscode.screenshot("config-marks");
    expect(found.filter(({ isHint }) => isHint)).toEqual([
      { at: '"depht"', says: "Did you mean network.depth?", isHint: true },
    ]);
    expect(
      found
        .filter(({ isHint }) => !isHint)
        .map(({ at }) => at)
        .sort(),
    ).toEqual(['"depht"', "-1"]);
  });

  test("marks values that do not go together, where they stand", async () => {
    await write(
      '{\n  "mode": "paired",\n  "network": { "kind": "cyclegan" },\n  "data": { "intensity": { "kind": "window", "low": 1 } }\n}\n',
    );
    const found = await marksWith("a window needs low and high", 2);
    expect(found).toContainEqual({
      at: '"mode": "paired"',
      says: 'mode must be "unpaired" for the network kind "cyclegan", not "paired"',
      isHint: false,
    });
    expect(found.find(({ says }) => says.includes("a window needs"))?.at).toBe(
      '"intensity": { "kind": "window", "low": 1 }',
    );
    await write("{}\n");
    await until("no marks", async () => ((await marks()).length === 0 ? true : undefined), marks);
  });

  /** Applies the only quick fix at a text, and returns its title. */
  const fix = (at: string): Promise<string> =>
    vscode.host.run(async (api, words) => {
      const { document } = api.window.visibleTextEditors.find((each) =>
        each.document.fileName.endsWith("revgan.json"),
      )!;
      const place = document.positionAt(document.getText().indexOf(words));
      const actions: { title: string; edit?: unknown }[] = await api.commands.executeCommand(
        "vscode.executeCodeActionProvider",
        document.uri,
        new api.Range(place, place),
        api.CodeActionKind.QuickFix.value,
      );
      const [only] = actions.filter(({ title }) => title.startsWith("Change to"));
      await api.workspace.applyEdit(only!.edit as Parameters<typeof api.workspace.applyEdit>[0]);
      return only!.title;
    }, at);

  test("marks a data folder that is not there, and mends it and a misspelt key", async () => {
    await write('{\n  "data": { "path": "daat", "cropsize": 32 }\n}\n');
    const found = await marksWith("Did you mean data?", 3);
    expect(found).toContainEqual({
      at: '"daat"',
      says: `There is no folder ${join(folder, "daat")}. Did you mean data?`,
      isHint: false,
    });
    await vscode.screenshot("config-folder");
    expect(await fix('"daat"')).toBe('Change to "data"');
    expect(await fix('"cropsize"')).toBe('Change to "cropSize"');
    await until("no marks", async () => ((await marks()).length === 0 ? true : undefined), marks);
  });

  test.each([
    ["a misspelt key", '{ "netwrok": { "depth": 3 } }', "Netwrok", '"netwrok": { "depth": 3 }'],
    [
      "values that do not go together",
      '{ "data": { "path": "data", "cropSize": 30 } }',
      "must be a multiple of 4",
      '"cropSize": 30',
    ],
    ["a syntax error", '{ "mode": }', "value expected at line 1, column 11", '{ "mode": }'],
    ["a data folder that is not there", '{ "data": { "path": "missing" } }', "missing", '"path": "missing"'],
    [
      "a data folder without data",
      '{ "data": { "path": "empty" } }',
      "has neither trainA and trainB nor train",
      '"path": "empty"',
    ],
    ["no data folder", '{ "mode": "unpaired" }', "names no data folder", ""],
  ])("that cannot be trained because of %s is opened where that is", async (_, text, says, place) => {
    await vscode.openFile(file);
    await write(text);
    await vscode.page.locator(".editor-actions .action-label[aria-label^=Train]").click();
    const message = await vscode.notifications.waitFor(new RegExp(says, "i"));
    expect(await vscode.notifications.buttons(message)).toEqual(["Open revgan.json"]);
    await vscode.screenshot(`config-train-${says.replace(/\W+/g, "-")}`);
    // There is no run to show.
    expect((await vscode.webviews.titles()).filter((title) => /^RevGAN(:|$)/.test(title))).toEqual([]);
    await vscode.notifications.click(message, "Open revgan.json");
    if (place !== "")
      await until(`the selection of ${place}`, async () => ((await selected()) === place ? true : undefined), selected);
  });

  test("is mended from the error, which does not stand over the training that follows", async () => {
    await vscode.openFile(file);
    const small = { width: 4, depth: 1, discriminator: { width: 4 } };
    const data = { path: "daat", loadSize: 32, cropSize: 32 };
    await write(JSON.stringify({ network: small, data, training: { maxSteps: 1 } }));
    expect(await vscode.host.executeCommand("revgan.train", fileArgument(file))).toBeFalsy();
    const message = await vscode.notifications.waitFor("daat. Did you mean data?");
    expect(await vscode.notifications.buttons(message)).toEqual(["Change to data", "Open revgan.json"]);
    await vscode.screenshot("config-train-mended");
    await vscode.notifications.click(message, "Change to data");
    await until("the mended file", () =>
      Promise.resolve(readFileSync(file, "utf8").includes('"path":"data"') ? true : undefined),
    );
    await write(JSON.stringify({ network: { ...small, depht: 1 }, data: { ...data, path: "data" } }));
    expect(await vscode.host.executeCommand("revgan.train", fileArgument(file))).toBeFalsy();
    await vscode.notifications.waitFor("depht is not a key");
    await write(JSON.stringify({ network: small, data: { ...data, path: "data" }, training: { maxSteps: 1 } }));
    await vscode.host.executeCommand("revgan.train", fileArgument(file));
    await until(
      "the error to go",
      async () => ((await vscode.notifications.texts()).length === 0 ? true : undefined),
      () => vscode.notifications.texts(),
    );
    await vscode.webviews.frame(/^RevGAN: /);
  });

  test("that is not there can be written by New Run…", async () => {
    await vscode.host.executeCommand("revgan.train", fileArgument(join(folder, "elsewhere.json")));
    expect(await vscode.notifications.waitFor("elsewhere.json cannot be read")).toContain(
      "Write one with RevGAN: New Run…",
    );
  });
});
