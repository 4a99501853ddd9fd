import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../support/browser/until";
import { expectRefused, sharedFolder } from "../../support/commandLine";
import { cliProgram, revgan } from "../../support/programs";
import { hasProcess, view, type View } from "./viewing";

const root = sharedFolder();

/** Whether anything listens there. */
function listens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Keeps a page's events open, as a browser does. */
async function listen({ address }: View): Promise<void> {
  const page = await fetch(address);
  const events = await fetch(new URL("events", page.url));
  await events.body!.getReader().read();
}

it("ends with Ctrl-C: exit code 0, and no process is left", async () => {
  const viewed = await view([], root);
  await listen(viewed);
  process.kill(-viewed.process.pid!, "SIGINT");
  expect(await viewed.ended).toMatchObject({ code: 0, stdout: `${viewed.address}\n` });
  expect(hasProcess(viewed.process.pid!)).toBe(false);
  expect(await listens(viewed.address)).toBe(false);
});

it("ends when it alone is told to", async () => {
  const viewed = await view([], root);
  viewed.process.kill("SIGTERM");
  expect((await viewed.ended).code).toBe(0);
  expect(hasProcess(viewed.process.pid!)).toBe(false);
});

it("ends with the program that forked it", async () => {
  const child = fork(cliProgram, ["view", "--json"], { cwd: root, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [address] = (await once(child.stderr!, "data")) as [Buffer];
  expect(await listens(address.toString().trim())).toBe(true);
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await listens(address.toString().trim())).toBe(false);
});

it("leaves no server behind when it is killed", async () => {
  const viewed = await view([], root);
  await listen(viewed);
  viewed.process.kill("SIGKILL");
  await until("the server to end", async () => ((await listens(viewed.address)) ? undefined : true));
});

it("prints nothing but lines with --json", async () => {
  const viewed = await view(["--json"], root);
  process.kill(-viewed.process.pid!, "SIGINT");
  expect(await viewed.ended).toEqual({ code: 0, stdout: "", stderr: `${viewed.address}\n` });
});

it("serves on the port that it is given, and on 127.0.0.1 alone", async () => {
  const holder = createServer();
  const port = await new Promise<number>((resolve) =>
    holder.listen(0, "127.0.0.1", () => resolve((holder.address() as AddressInfo).port)),
  );
  onTestFinished(() => void holder.close());
  expectRefused(await revgan(["view", "--json", "--port", String(port)], root), {
    exit: 2,
    code: "usage",
    says: [`port ${port} is taken`, "--port"],
  });
  await new Promise((resolve) => holder.close(resolve));
  const { address } = await view(["--port", String(port)], root);
  expect(new URL(address).host).toBe(`127.0.0.1:${port}`);
  expect(await listens(`http://127.0.0.2:${port}`)).toBe(false);
});

it.each(["0", "65536", "x", "-1", "80 80", "1e3"])("has no port %s", async (port) => {
  expectRefused(await revgan(["view", "--json", `--port=${port}`], root), {
    exit: 2,
    code: "usage",
    says: ["--port", port],
  });
});

it("refuses what is no run", async () => {
  mkdirSync(join(root, "folder"));
  mkdirSync(join(root, "damaged"));
  writeFileSync(join(root, "damaged", "run.json"), "{");
  const refused = async (run: string, says: string): Promise<void> =>
    void expectRefused(await revgan(["view", "--json", run], root), { exit: 2, code: "run", says: [run, says] });
  await refused("nowhere", "there is no folder");
  await refused("folder", "it has no run.json");
  await refused("damaged", "damaged");
  await refused(join("damaged", "run.json"), "there is no folder");
});

it("tells how", async () => {
  const help = await revgan(["view", "--help"], root);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/^revgan view \[RUN\]/);
});

it("refuses two runs", async () => {
  expectRefused(await revgan(["view", "--json", "a", "b"], root), { exit: 2, code: "usage", says: ["b"] });
});
