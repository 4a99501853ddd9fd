import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { JobWishes } from "../../cluster/jobScript";
import type { Config } from "../../configuration/config";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { readConfiguration } from "../../configuration/readConfiguration";
import { RevganError } from "../../protocol/errors";
import { submitNew, writeScript } from "../cluster/submitTraining";
import { Profile, traceEvents } from "../training/profile";
import { trainNew } from "../training/train";
import type { Ranks } from "../ranks/ranks";
import { type GivenArguments, rejectPositionals } from "./arguments";
import type { Command, CommandContext } from "./command";
import { jobOptions, jobWishesOf, showScript, showSubmitted } from "./jobResources";
import { withRanks } from "./launched";
import type { Output } from "./output";
import { profileTables } from "./profileTables";
import { TrainingView } from "./trainingView";

/** `revgan train`. */
export const train: Command = {
  summary: "trains a new run",
  help: `revgan train [--config FILE] [--data DIR] [--run DIR] [--set key=value]… [--init FILE|DIR] [--init-skip PREFIX]… [--profile FILE] [--json]
revgan train --slurm [--config FILE] [--data DIR] [--run DIR] [--set key=value]… [--ranks N] [--partition NAME] [--time HH:MM:SS]
             [--gpus N] [--cpus N] [--requeue | --no-requeue] [--script-only]

  --config FILE   revgan.json
  --data DIR      folder with trainA/ and trainB/ (unpaired), or train/ with A left and B right in one image (paired)
  --run DIR       a new or empty folder for the run; by default .revgan/runs/DATA-YYYYMMDD-HHMMSS
  --set key=value overrides a key, for example --set training.maxSteps=100; may be repeated
  --init FILE|DIR starts with these weights: .safetensors, .pth or .pt with PyTorch's names, of RevGAN's, CycleGAN's or pix2pix's code;
                  one file, or a folder with a file a network, as latest_net_G_A.pth. Discriminators that are missing start anew
  --init-skip PREFIX leaves weights whose names begin with it, in whole parts as G_B, as they start; may be repeated
  --profile FILE  notes what the first five steps consist of: prints tables by operation, part of the network and term, and writes
                  a trace with the tensors' bytes that chrome://tracing and ui.perfetto.dev open; an existing file is replaced
  --slurm         gives the training to Slurm's queue: writes revgan.slurm.sh beside the configuration, which is yours to change,
                  and submits it by sbatch; in one that is there only what is asked for is changed
  --ranks N       processes that share each batch; --partition, --time, --gpus, --cpus of each as sbatch takes them
  --requeue       when its time is over, the job waits for its turn again and goes on from its checkpoint
  --script-only   writes the script, and submits nothing
  --json          prints a JSON object a line

\`mpiexec -n 4 revgan train …\` and \`srun -n 4 …\` train on as many processes or machines, which share each batch.
Ctrl-C finishes the step, writes a checkpoint and exits with 130; \`revgan resume RUN\` goes on.`,
  isShared: true,
  options: {
    config: { type: "string" },
    data: { type: "string" },
    run: { type: "string" },
    set: { type: "string", multiple: true },
    init: { type: "string" },
    "init-skip": { type: "string", multiple: true },
    profile: { type: "string" },
    ...jobOptions,
    "script-only": { type: "boolean" },
  },
  async run(given, { output, signal }) {
    rejectPositionals(given.positionals, "train");
    const wishes = jobWishesOf(given, "train");
    if (wishes !== null) return submit(wishes, given, { output, signal });
    await withRanks(output, (ranks) => trainAs(ranks, given, { output, signal }));
    return 0;
  },
};

/** Submits a training to Slurm, or only writes its script. Returns the exit code. */
async function submit(wishes: JobWishes, given: GivenArguments, { output, signal }: CommandContext): Promise<number> {
  if (given.value("profile") !== undefined)
    throw new RevganError(
      "usage",
      "a job takes no --profile",
      "write it into the script that --script-only makes, with `train` instead of `resume`",
    );
  const config = await configurationOf(given);
  const job = { config, configFile: given.value("config"), wishes };
  if (given.flag("script-only")) showScript((await writeScript(job)).file, output);
  else showSubmitted(await submitNew(job, given.value("run") ?? null, signal), output);
  return 0;
}

function configurationOf(given: GivenArguments): Promise<Config> {
  const sets = [...given.values("set"), ...startSets(given)];
  return readConfiguration({ file: given.value("config"), data: given.value("data"), sets });
}

/** Converts `--init` and `--init-skip` to assignments of `--set`. */
function startSets(given: GivenArguments): string[] {
  const [init, skip] = [given.value("init"), given.values("init-skip")];
  return [
    ...(init === undefined ? [] : [`training.init=${JSON.stringify(init)}`]),
    ...(skip.length === 0 ? [] : [`training.initSkip=${JSON.stringify(skip)}`]),
  ];
}

async function trainAs(ranks: Ranks, given: GivenArguments, { output, signal }: CommandContext): Promise<void> {
  const config = await configurationOf(given);
  const listener = new TrainingView(output).listener(signal);
  const training = { config, folder: given.value("run") ?? null };
  const file = given.value("profile");
  if (file === undefined || !ranks.isFirst) await trainNew(training, listener, ranks);
  else await trainWithProfile(file, output, (profile) => trainNew(training, { ...listener, profile }, ranks));
}

/** Runs a training and writes its profile, also when the training was stopped. */
async function trainWithProfile(
  file: string,
  output: Output,
  train: (profile: Profile) => Promise<unknown>,
): Promise<void> {
  const isNew = !existsSync(file);
  // The file is opened first, so that the command fails before the training if it cannot be written.
  await explainingDiskErrors(file, undefined, async () => {
    await mkdir(dirname(file), { recursive: true });
    await (await open(file, "a")).close();
  });
  const profile = new Profile();
  try {
    await train(profile);
  } finally {
    if (profile.hasSteps) {
      await writeFileAtomic(file, traceEvents(profile.trace));
      output.result(profileTables(profile.trace));
      output.note(`Profile: ${file}; open it in chrome://tracing or ui.perfetto.dev`);
    } else if (isNew) await rm(file, { force: true });
  }
}
