import { access } from "node:fs/promises";
import type { DataLayout, DataPicture, FittingNetwork, HostMessage } from "../../protocol/trainer";
import { errorLine } from "../../protocol/lines";
import { requireDirection } from "../../configuration/networkKind";
import { readRun } from "../../runFolder/runFile";
import { DeviceLost } from "../kernels/deviceLost";
import { DecoderClient } from "../data/decoder/decoderClient";
import { fileKind } from "../data/dataset/fileKind";
import { fittingNetwork } from "../interop/fittingNetwork";
import { planTranslations, type PlannedTranslation } from "../translate/translationPlan";
import { translateFiles } from "../translate/translateFiles";
import type { Channel } from "./channel";
import { picturesOf } from "./dataPictures";
import { inspectFolder, inspectFolders } from "./inspectData";
import { OpenTranslator } from "./openTranslator";
import { failureOf } from "./training";

/** Messages that {@link Requests} answers with `answer`. */
export type RequestMessage = Extract<HostMessage, { type: "translate" | "inspect" | "weights" | "pictures" }>;
type Translation = Extract<HostMessage, { type: "translate" }>;

/** The content of a successful answer. */
interface Answer {
  readonly layout: DataLayout | null;
  readonly weights: FittingNetwork | null;
  readonly pictures: DataPicture[];
  readonly existing: string[];
}

/** Answers requests one after the other; keeps engine, network and decoder between them. */
export class Requests {
  private readonly translators = new OpenTranslator();
  private readonly decoder = new DecoderClient({ code: "input" });
  private readonly stoppers = new Map<number, AbortController>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly channel: Pick<Channel, "send">) {}

  /** Queues a request. */
  add(message: RequestMessage): void {
    const stopper = new AbortController();
    this.stoppers.set(message.request, stopper);
    this.last = this.last.then(() => this.answer(message, stopper.signal));
  }

  cancel(request: number): void {
    this.stoppers.get(request)?.abort();
  }

  close(): void {
    for (const stopper of this.stoppers.values()) stopper.abort();
    this.decoder.close();
  }

  private async answer(message: RequestMessage, signal: AbortSignal): Promise<void> {
    const { request } = message;
    const nothing: Answer = { layout: null, weights: null, pictures: [], existing: [] };
    try {
      signal.throwIfAborted();
      this.channel.send({
        type: "answer",
        request,
        ...nothing,
        ...(await this.answerTo(message, signal)),
        failure: null,
      });
    } catch (error) {
      if (error instanceof DeviceLost) this.translators.forget();
      const failure = signal.aborted
        ? { code: "interrupted" as const, message: "cancelled", remedy: "start again" }
        : failureOf(error);
      this.channel.send({ type: "answer", request, ...nothing, failure });
    } finally {
      this.stoppers.delete(request);
    }
  }

  private async answerTo(message: RequestMessage, signal: AbortSignal): Promise<Partial<Answer>> {
    switch (message.type) {
      case "inspect": {
        const { data } = message;
        const layout =
          "path" in data
            ? await inspectFolder(data.path, this.decoder, signal)
            : await inspectFolders(data, this.decoder, signal);
        return { layout };
      }
      case "weights":
        return { weights: await fittingNetwork(message.path) };
      case "pictures":
        return { pictures: await picturesOf(message.run, (await readRun(message.run)).config) };
      case "translate":
        return { existing: await this.translate(message, signal) };
    }
  }

  /** @returns paths of existing results about which the user must be asked; nothing was written then. Empty after a translation */
  private async translate(
    { request, run, direction, files, half, out, existing }: Translation,
    signal: AbortSignal,
  ): Promise<string[]> {
    // Errors in the request, such as a direction that the network does not have, are thrown here, before the user is asked whether to
    // overwrite files.
    const { network } = (await readRun(run)).config;
    requireDirection(network, direction);
    const all = await planTranslations(files, direction, out, fileKind(network.dimensions));
    const there = await translationsWithExistingOutput(all);
    if (existing === "ask" && there.length > 0) return there.map(({ output }) => output);
    const plan = existing === "skip" ? all.filter((planned) => !there.includes(planned)) : all;
    const note = (text: string): void => this.channel.send({ type: "note", level: "warning", text });
    const { translator, files: settings } = await this.translators.of(run, note, signal);
    let done = 0;
    const progress = (
      line: Parameters<Parameters<typeof translateFiles>[1]["done"]>[0] | ReturnType<typeof errorLine>,
    ): void => this.channel.send({ type: "progress", request, done: ++done, of: plan.length, line });
    await translateFiles(plan, {
      translator,
      decoder: this.decoder,
      files: { ...settings, direction, half, as: "input" },
      overwrite: existing === "replace",
      signal,
      done: progress,
      failed: (error) => progress(errorLine(error)),
    });
    return [];
  }
}

async function translationsWithExistingOutput(plan: readonly PlannedTranslation[]): Promise<PlannedTranslation[]> {
  const there = await Promise.all(
    plan.map(({ output }) =>
      access(output).then(
        () => true,
        () => false,
      ),
    ),
  );
  return plan.filter((_, i) => there[i]);
}
