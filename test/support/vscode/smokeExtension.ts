import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const command = (name: string, title: string, more: object = {}): object => ({
  command: `smoke.${name}`,
  title,
  category: "Smoke",
  ...more,
});

const manifest = {
  name: "smoke",
  publisher: "revgan-test",
  version: "0.0.1",
  engines: { vscode: "^1.90.0" },
  main: "./main.cjs",
  files: ["main.cjs"],
  activationEvents: ["onStartupFinished"],
  contributes: {
    commands: [
      command("ask", "Ask"),
      command("never", "Never", { enablement: "smoke.never" }),
      command("warn", "Warn"),
      command("panel", "Panel"),
      command("touch", "Touch", { icon: "$(edit)" }),
      command("rename", "Smoke: Rename"),
      command("make", "Make Something"),
      command("name", "Name It"),
    ],
    submenus: [{ id: "smoke.menu", label: "Smoke Menu" }],
    menus: {
      "explorer/context": [{ submenu: "smoke.menu", group: "1_smoke" }],
      "smoke.menu": [{ command: "smoke.name" }],
      "view/item/context": [
        { command: "smoke.touch", when: "view == smoke.rows", group: "inline" },
        { command: "smoke.rename", when: "view == smoke.rows" },
      ],
    },
    viewsContainers: { activitybar: [{ id: "smoke", title: "Smoke Container", icon: "$(flame)" }] },
    views: {
      smoke: [
        { id: "smoke.rows", name: "Rows" },
        { id: "smoke.empty", name: "Nothing Here" },
        { id: "smoke.side", name: "Side", type: "webview" },
      ],
    },
    viewsWelcome: [{ view: "smoke.empty", contents: "Nothing yet.\n[Make Something](command:smoke.make)" }],
  },
};

const main = `
const vscode = require("vscode");
const say = (text) => void vscode.window.showInformationMessage(text);
exports.activate = (context) => {
  const on = (name, call) => context.subscriptions.push(vscode.commands.registerCommand("smoke." + name, call));
  on("ask", async () => {
    const fruit = await vscode.window.showQuickPick([{ label: "Apple" }, { label: "Pear", detail: "the better one" }], { placeHolder: "Which fruit?" });
    const extras = await vscode.window.showQuickPick(["Salt", "Sugar"], { canPickMany: true });
    const wish = await vscode.window.showInputBox({ title: "And how?" });
    say([fruit.label, ...extras, wish].join(", "));
  });
  on("warn", async () => {
    if ((await vscode.window.showWarningMessage("Too warm", "Open a Window", "Leave It")) !== "Open a Window") return;
    say("Opened: " + (await vscode.window.showWarningMessage("Really?", { modal: true }, "Yes")));
  });
  on("panel", () => {
    const panel = vscode.window.createWebviewPanel("smoke.panel", "Smoke panel", vscode.ViewColumn.One, { enableScripts: true });
    panel.webview.onDidReceiveMessage((count) => panel.webview.postMessage("counted " + count));
    panel.webview.html = \`<!DOCTYPE html><html lang="en"><head><title>Smoke panel</title>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-n'"></head>
      <body><main><h1>Panel</h1><img><button>Count</button><p></p></main><script nonce="n">
      const api = acquireVsCodeApi();
      document.querySelector("button").onclick = () => api.postMessage(1);
      addEventListener("message", ({ data }) => { document.querySelector("p").textContent = data; });
      </script></body></html>\`;
  });
  on("touch", (row) => say("touched " + row));
  on("rename", (row) => say("renamed " + row));
  on("make", () => say("made something"));
  on("name", (file, files) => say(files.length + ": " + files.map((one) => one.path.split("/").pop()).join(" and ")));
  on("add", (a, { three }) => ({ sum: a + three, where: vscode.Uri.file("/some/where") }));
  on("fail", () => { throw Object.assign(new Error("as told"), { code: "E_TOLD" }); });
  const rows = ["first", "second"];
  context.subscriptions.push(
    vscode.window.registerTreeDataProvider("smoke.rows", { getChildren: () => rows, getTreeItem: (row) => ({ label: row, description: row === "first" ? "a description" : undefined, collapsibleState: 0 }) }),
    vscode.window.registerTreeDataProvider("smoke.empty", { getChildren: () => [], getTreeItem: (row) => row }),
    vscode.window.registerWebviewViewProvider("smoke.side", { resolveWebviewView: (view) => { view.webview.html = "<!DOCTYPE html><title>Smoke side</title><p>side text</p>"; } }),
  );
  const item = vscode.window.createStatusBarItem("smoke", vscode.StatusBarAlignment.Left);
  let count = 0;
  const show = () => { item.text = "$(flame) Smoke " + count; item.show(); };
  on("count", () => { count++; show(); });
  item.command = "smoke.count";
  show();
  context.subscriptions.push(item);
};
`;

/** Writes a small extension with one of each part of VS Code that the test helpers operate. Returns its folder. */
export function writeSmokeExtension(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "main.cjs"), main);
  return folder;
}
