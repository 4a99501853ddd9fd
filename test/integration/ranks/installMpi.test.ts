import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { mpichWheelFor } from "../../../extension/trainer/engines/install/catalogue";
import { locateMpi } from "../../../extension/trainer/engines/installedMpi";
import { expectDone, expectRefused, ofType, sharedFolder } from "../../support/commandLine";
import { cliProgram, ended, type Ended } from "../../support/programs";
import "../../support/ranks";

const folder = sharedFolder();
const env = { REVGAN_CACHE: join(folder, "cache"), REVGAN_PYPI: "http://127.0.0.1:1" };

function engine(...args: string[]): Promise<Ended> {
  return ended(process.execPath, [cliProgram, "engine", ...args, "--json"], { env });
}

describe("revgan engine install --mpi", () => {
  it.each([
    ["a folder that is not there", "nowhere", "does not exist"],
    ["a folder without MPI", "empty", "is no MPI: it has neither "],
    ["a wheel that was changed", mpichWheelFor(process.platform, process.arch)!.file, "its SHA-256 is not the one of"],
  ])("refuses %s, and leaves nothing", async (_, name, says) => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    const path = join(folder, name);
    if (name.endsWith(".whl")) writeFileSync(path, "no wheel");
    expectRefused(await engine("install", "--mpi", path), { exit: 2, code: "input", says: [says] });
    expect(locateMpi(env)).toBeNull();
  });

  it("takes the MPI of a folder as it is, and removes what is its own alone", async () => {
    const theirs = dirname(dirname(locateMpi()!.library!));
    const [line] = ofType(expectDone(await engine("install", "--mpi", theirs)), "engine");
    expect(line).toMatchObject({ name: "mpi", available: true, device: join(theirs, "bin", "mpiexec") });
    const { addon, library } = locateMpi(env)!;
    expect([existsSync(addon), library]).toEqual([true, locateMpi()!.library]);
    expectDone(await engine("remove"));
    expect([existsSync(addon), existsSync(library!)]).toEqual([false, true]);
    const status = ofType(expectDone(await engine("status")), "engine").find(({ name }) => name === "mpi");
    expect(status).toMatchObject({ available: false, reason: "it is not installed" });
  });
});
