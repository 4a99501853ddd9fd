import * as vscode from "vscode";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import { readConfigFile } from "../../configuration/readConfiguration";
import { costAndQualityOf } from "../../host/comparison";
import { durationText, english } from "../../protocol/durations";
import { RevganError } from "../../protocol/errors";
import type { PlanLine, TranslationDirection } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import { evaluate } from "../commands/evaluate";
import { plan, planOf } from "../commands/estimates";
import { runFrom } from "../commands/runArgument";
import type { Services } from "../commands/services";
import { train } from "../commands/train";
import { translate } from "../commands/translate";
import { failureText, toRevganError } from "../notifications";
import { cancelledBy, withProgress } from "../progress";
import { metricsText, runText } from "./runText";
import { workspacePath } from "./workspacePath";

/** A tool that a language model calls. Its answer is English text for the model; what the user is asked is in the user's language. */
interface AgentTool<Input> {
  /** Whether the tool works in Restricted Mode, because it starts no program and changes nothing. */
  readonly isHarmless?: boolean;
  /** The question that the user must confirm before the tool runs: what it is about to do. */
  readonly question: (input: Input, services: Services) => string | Promise<string>;
  readonly invoke: (input: Input, services: Services) => Promise<string>;
}

interface PlanInput {
  readonly config?: string;
  readonly data?: string;
  readonly memory?: number;
  readonly time?: number;
}

interface TranslateInput {
  readonly files: readonly string[];
  readonly direction: TranslationDirection;
  readonly run?: string;
  readonly out?: string;
}

const planTool: AgentTool<PlanInput> = {
  question: ({ config, data }) =>
    vscode.l10n.t("Look at the pictures of {0} and measure how fast this machine computes?", config ?? data ?? ""),
  async invoke({ config, data, memory, time }, services) {
    if (config !== undefined) {
      const limits = { ...(memory !== undefined && { memory }), ...(time !== undefined && { time }) };
      return plansText(await plan(services, await fileIn(services, config), limits));
    }
    if (data === undefined) throw new RevganError("usage", "neither config nor data is named", "name one of them");
    const path = (await fileIn(services, data)).fsPath;
    const title = vscode.l10n.t("Estimating");
    const lines = await withProgress(title, (_, signal) =>
      planOf(services, { data: { path } }, services.paths.defaultFolder, signal),
    );
    return plansText(lines);
  },
};

const startTraining: AgentTool<{ readonly config: string }> = {
  async question({ config }, services) {
    const { data } = await readConfigFile((await fileIn(services, config)).fsPath);
    const location = dataLocation(data);
    const folders = location === null ? "" : foldersOf(location).join(", ");
    return vscode.l10n.t("Train {0} on the pictures of {1}? It goes on until it is done or stopped.", config, folders);
  },
  async invoke({ config }, services) {
    const folder = await train(services, await fileIn(services, config), false);
    if (folder === undefined) throw new RevganError("interrupted", "the user did not want to train", "ask the user");
    return `The first step is done. Run folder: ${folder.fsPath}. Read it with revgan_read_run.`;
  },
};

const readRun: AgentTool<{ readonly run: string }> = {
  isHarmless: true,
  question: ({ run }) => vscode.l10n.t("Read how far the run {0} is, its losses and its quality?", run),
  async invoke({ run: named }, services) {
    const run = await runNamed(services, named);
    const history = services.runs.histories.acquire(run.id);
    try {
      await history.refresh();
      const line = await costAndQualityOf(services.runs, run.id, history).catch(() => null);
      return runText({ run, config: services.runs.config(run.id), steps: history.steps, line });
    } finally {
      services.runs.histories.release(run.id);
    }
  },
};

const translateTool: AgentTool<TranslateInput> = {
  question: ({ files, direction, out }) =>
    out === undefined
      ? vscode.l10n.t("Translate {0} ({1}) and write the results beside them?", files.join(", "), direction)
      : vscode.l10n.t("Translate {0} ({1}) and write the results to {2}?", files.join(", "), direction, out),
  async invoke({ files, direction, run, out }, services) {
    const sources = await Promise.all(files.map((file) => fileIn(services, file)));
    if (sources.length === 0) throw new RevganError("usage", "no file is named", "name at least one");
    const written = await translate(services, direction, sources[0], sources, {
      ...(run !== undefined && { run: (await runNamed(services, run)).id }),
      ...(out !== undefined && { out: await fileIn(services, out) }),
    });
    return written.length === 0 ? "Nothing was written." : written.map(({ fsPath }) => fsPath).join("\n");
  },
};

const evaluateTool: AgentTool<{ readonly run: string }> = {
  question: ({ run }) => vscode.l10n.t("Evaluate the run {0} on its test pictures?", run),
  async invoke({ run }, services) {
    const lines = await evaluate(services, (await runNamed(services, run)).id);
    return lines
      .map(({ direction, images, metrics }) => `${direction}, ${images} pictures: ${metricsText(metrics)}`)
      .join("\n");
  },
};

/** The tools by their names in the manifest. */
const tools = {
  revgan_plan: planTool,
  revgan_start_training: startTraining,
  revgan_read_run: readRun,
  revgan_translate: translateTool,
  revgan_evaluate: evaluateTool,
};

/** Registers all tools for language models. */
export function registerAgentTools(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(tools).map(([name, tool]) =>
      vscode.lm.registerTool(name, toolOf(tool as AgentTool<object>, services)),
    ),
  );
}

function toolOf<Input>(tool: AgentTool<Input>, services: Services): vscode.LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }) =>
      telling(async () => {
        requireTrust(tool);
        return { confirmationMessages: { title: "RevGAN", message: await tool.question(input, services) } };
      }),
    invoke: ({ input }, token) =>
      telling(async () => {
        requireTrust(tool);
        const text = await cancelledBy(token, () => tool.invoke(input, services));
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      }),
  };
}

/** Runs `work`, and turns its error into one whose text tells the model what happened and what to do. */
async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(failureText(toRevganError(error)), { cause: error });
  }
}

function requireTrust({ isHarmless = false }: Pick<AgentTool<never>, "isHarmless">): void {
  if (!isHarmless && !vscode.workspace.isTrusted)
    throw new RevganError("usage", "the workspace is not trusted, so RevGAN starts nothing", "let the user trust it");
}

async function fileIn({ paths }: Services, named: string): Promise<vscode.Uri> {
  return vscode.Uri.file(await workspacePath(named, paths.workspaceFolders));
}

/** The run with this name or id, else the run in this folder of the workspace. */
async function runNamed(services: Services, named: string): Promise<RunSummary> {
  await services.runs.store.refresh();
  const found = services.runs.list().find(({ id, name }) => name === named || id === named);
  return found ?? runFrom(await fileIn(services, named), services);
}

function plansText(lines: readonly PlanLine[]): string {
  return lines
    .map(({ name, seconds, steps, secondsPerStep, peakBytes, fits, config }) =>
      [
        `${name}: about ${durationText(seconds, english)}, ${steps} steps of ${secondsPerStep.toPrecision(3)} s`,
        `${peakBytes} bytes of tensors${fits ? "" : ", which does not fit"}`,
        `configuration ${JSON.stringify(config)}`,
      ].join("; "),
    )
    .join("\n");
}
