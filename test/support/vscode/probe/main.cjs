// Runs functions that a test sends, with VS Code's API. One request a connection: a JSON line in, a JSON line out.
const { renameSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { join } = require("node:path");
const vscode = require("vscode");

// What JSON cannot say: addresses both ways, and errors on the way out.
function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$uri === "string") return vscode.Uri.parse(value.$uri, true);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decode(entry)]));
}

function encode(value) {
  if (value instanceof vscode.Uri) return value.toString();
  if (Array.isArray(value)) return value.map(encode);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encode(entry)]));
}

async function answer(line) {
  try {
    const { source, args } = JSON.parse(line);
    const call = new Function(`return (${source});`)();
    return { result: encode(await call(vscode, ...decode(args))) };
  } catch (error) {
    return {
      error: {
        name: error?.name ?? "Error",
        message: String(error?.message ?? error),
        code: error?.code,
        stack: error?.stack,
      },
    };
  }
}

exports.activate = (context) => {
  const folder = process.env.REVGAN_TEST_FOLDER;
  if (folder === undefined) return;
  const server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("error", () => socket.destroy());
    socket.on("data", async (piece) => {
      const whole = text.includes("\n");
      text += piece;
      if (!whole && text.includes("\n")) socket.end(`${JSON.stringify(await answer(text))}\n`);
    });
  });
  // Not a port: VS Code would offer to forward it.
  const name = `probe-${process.pid}.sock`;
  const address = process.platform === "win32" ? `\\\\.\\pipe\\revgan-${name}` : join(folder, name);
  server.listen(address, () => {
    const file = join(folder, "probe.json");
    writeFileSync(`${file}.new`, JSON.stringify({ address, pid: process.pid }));
    renameSync(`${file}.new`, file);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
