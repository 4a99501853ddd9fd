import { expect, it } from "vitest";
import { launchOf } from "../../../extension/trainer/ranks/launcher";

it.each([
  ["nothing", {}, null],
  ["MPICH's mpiexec", { PMI_RANK: "2", PMI_SIZE: "4" }, { launcher: "mpiexec", rank: 2, size: 4 }],
  [
    "Open MPI's mpiexec",
    { OMPI_COMM_WORLD_RANK: "0", OMPI_COMM_WORLD_SIZE: "2" },
    { launcher: "mpiexec", rank: 0, size: 2 },
  ],
  ["a job step", { SLURM_PROCID: "7", SLURM_STEP_NUM_TASKS: "8" }, { launcher: "srun", rank: 7, size: 8 }],
  ["a batch script of eight tasks, which is one process", { SLURM_PROCID: "0", SLURM_NTASKS: "8" }, null],
  ["a job step of one process", { SLURM_PROCID: "0", SLURM_STEP_NUM_TASKS: "1" }, null],
  [
    "mpiexec in a job step of one process",
    { SLURM_PROCID: "0", SLURM_STEP_NUM_TASKS: "1", PMI_RANK: "1", PMI_SIZE: "2" },
    { launcher: "mpiexec", rank: 1, size: 2 },
  ],
  ["one process by mpiexec", { PMI_RANK: "0", PMI_SIZE: "1" }, null],
  ["what is no number", { PMI_RANK: "x", PMI_SIZE: "2" }, null],
])("%s", (_, env, expected) => {
  expect(launchOf(env)).toEqual(expected);
});
