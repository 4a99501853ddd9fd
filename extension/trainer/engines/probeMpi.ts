import { type LocatedMpi, mpiEnvironment, withoutLauncher } from "./installedMpi";
import { runProcess } from "../../processes/runProcess";

/** Whether MPI starts in a process of its own, and the name by which its library calls itself. */
export type MpiProbe = { works: true; name: string } | { works: false; reason: string };

const script = `
const [, addon, library] = process.argv;
const mpi = require(addon);
mpi.open(library, 60, () => undefined).then(async ({ version }) => {
  await mpi.finish();
  process.stdout.write("\\n" + JSON.stringify(version));
});
`;

/**
 * Opens MPI in a child process that runs alone, so that a crash or a hang does not affect this process.
 * @throws the AbortError of `signal`
 */
export async function probeMpi(
  { addon, library }: Pick<LocatedMpi, "addon" | "library">,
  signal?: AbortSignal,
): Promise<MpiProbe> {
  const env = mpiEnvironment({ ...withoutLauncher(process.env), ELECTRON_RUN_AS_NODE: "1" });
  delete env["NODE_OPTIONS"];
  const end = await runProcess(process.execPath, ["-e", script, addon, library ?? ""], {
    timeoutMs: 30_000,
    signal,
    env,
  });
  const answer = end.stdout.slice(end.stdout.lastIndexOf("\n") + 1);
  if (end.code === 0 && answer.startsWith('"')) return { works: true, name: nameIn(JSON.parse(answer) as string) };
  if (end.timedOut) return { works: false, reason: "it did not answer within 30 s" };
  const words = /^(?:\w*Error): (.+)$/m.exec(end.stderr)?.[1] ?? end.stderr.trim().split("\n").at(-1);
  return { works: false, reason: words === undefined || words === "" ? "it does not start" : words };
}

/**
 * The short name in a version text: `MPICH 5.0.2` for "MPICH Version:      5.0.2\n…", `Open MPI v4.1.4` for "Open MPI v4.1.4, package: …".
 */
function nameIn(version: string): string {
  const [first = ""] = version.split(/[\n,]/);
  return first
    .replace(/ Version:/, "")
    .replace(/\s+/g, " ")
    .trim();
}
