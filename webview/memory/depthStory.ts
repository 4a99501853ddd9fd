import type { Config } from "../../extension/configuration/defaults";
import type { BackpropMode, MemoryMode } from "../../extension/protocol/lines";
import type { MemoryPart } from "../../extension/protocol/memoryParts";
import type { TheoryPoint } from "../../extension/protocol/panel";
import { t } from "../ui/text";
import type { Quantity } from "./backpropModes";
import { bytesText } from "./bytes";

/** The chart of memory against depth in words, from the predictions of memory theory. */
export interface DepthStory {
  /** A sentence with the memory that the network's blocks need. */
  readonly sentence: string;
  /** Up to which depth the curves of the backprop modes coincide, and why; empty if none do. */
  readonly note: string;
}

/** The depth, in blocks, to which deeper networks are compared: so shallow that the blocks hardly contribute to memory. */
const shallow = 2;
/** The depth, in blocks, that the sentence is about, unless the network is deeper. */
const deep = 16;

/** The texts for a quantity against depth, with the figures of a configuration; empty texts while the theory lacks the depths for them. */
export function depthStory(quantity: Quantity, network: Config["network"], points: readonly TheoryPoint[]): DepthStory {
  const own = points.find(({ depth }) => depth === network.depth);
  if (own === undefined) return { sentence: "", note: "" };
  if (network.generator !== "resnet") return { sentence: unetSentence(quantity, own), note: "" };
  const [few, many] = [shallow, Math.max(deep, network.depth)].map((depth) =>
    points.find((point) => point.depth === depth),
  );
  if (few === undefined || many === undefined) return { sentence: "", note: "" };
  const needsOf = (point: TheoryPoint, mode: MemoryMode): number => point.needs[mode]?.[quantity] ?? 0;
  if (network.kind !== "revgan") {
    const bytes = [many, few].map((point) => bytesText(needsOf(point, "store"))) as [string, string];
    return { sentence: storingSentence(quantity, many.depth, ...bytes), note: "" };
  }
  const { memoryBudget } = network;
  if (memoryBudget !== null && own.needs.budget !== undefined)
    return {
      sentence: budgetSentence(quantity, memoryBudget, own),
      note: coincidenceNote(quantity, network.depth, points),
    };
  const sentence =
    quantity === "peak"
      ? peakSentence(network.backprop, few, many)
      : activationsSentence(network.backprop, few.depth, many);
  return { sentence, note: coincidenceNote(quantity, network.depth, points) };
}

function unetSentence(quantity: Quantity, { needs }: TheoryPoint): string {
  const bytes = bytesText(needs.store?.[quantity] ?? 0);
  return quantity === "peak"
    ? t("This U-Net needs {0} in all. Its depth is fixed, and it is not reversible: it stores everything.", bytes)
    : t("This U-Net keeps {0} at most. Its depth is fixed, and it is not reversible: it stores everything.", bytes);
}

function storingSentence(quantity: Quantity, depth: number, many: string, few: string): string {
  return quantity === "peak"
    ? t(
        "{0} blocks need {1} in all, {2} blocks {3}: this network is not reversible, so every block is stored.",
        depth,
        many,
        shallow,
        few,
      )
    : t(
        "{0} blocks keep {1}, {2} blocks {3}: this network is not reversible, so every block is stored.",
        depth,
        many,
        shallow,
        few,
      );
}

/** The sentence for a network with a memory budget, at its own depth. */
function budgetSentence(quantity: Quantity, budget: number, { depth, needs }: TheoryPoint): string {
  const [within, recompute, store] = (["budget", "recompute", "store"] as const).map((each) =>
    bytesText(needs[each]?.[quantity] ?? 0),
  ) as [string, string, string];
  return quantity === "peak"
    ? t(
        "{0} blocks need {1} in all, within the budget of {2}; recomputing all would need {3}, storing all {4}.",
        depth,
        within,
        bytesText(budget),
        recompute,
        store,
      )
    : t(
        "{0} blocks keep {1}, within the budget of {2} for the whole step; recomputing all would keep {3}, storing all {4}.",
        depth,
        within,
        bytesText(budget),
        recompute,
        store,
      );
}

/** The sentence about the largest activations. It compares with a network of `few` blocks: recomputing keeps as much at any depth. */
function activationsSentence(mode: BackpropMode, few: number, { depth, needs }: TheoryPoint): string {
  const [recompute, checkpoint, store] = (["recompute", "checkpoint", "store"] as const).map((each) =>
    bytesText(needs[each]?.largestActivations ?? 0),
  ) as [string, string, string];
  if (needs.recompute?.largestActivations === needs.store?.largestActivations)
    return t("{0} blocks keep what {1} do, {2}, in all three ways.", depth, few, recompute);
  switch (mode) {
    case "recompute":
      return t("{0} blocks keep what {1} do, {2}; storing would take {3}.", depth, few, recompute, store);
    case "checkpoint":
      return t(
        "{0} blocks keep {1} with checkpoints; recomputing would keep what {2} blocks do, {3}, and storing {4}.",
        depth,
        checkpoint,
        few,
        recompute,
        store,
      );
    case "store":
      return t(
        "{0} blocks keep {1}, storing; recomputing would keep what {2} blocks do, {3}.",
        depth,
        store,
        few,
        recompute,
      );
  }
}

function peakSentence(mode: BackpropMode, few: TheoryPoint, { depth, needs }: TheoryPoint): string {
  const peakOf = (each: MemoryMode): number => needs[each]?.peak ?? 0;
  const [recompute, checkpoint, store] = (["recompute", "checkpoint", "store"] as const).map((each) =>
    bytesText(peakOf(each)),
  ) as [string, string, string];
  const more = bytesText(peakOf(mode) - (few.needs[mode]?.peak ?? 0));
  if (peakOf("recompute") === peakOf("store"))
    return t("{0} blocks need {1} in all, {2} more than {3}, in all three ways.", depth, recompute, more, few.depth);
  switch (mode) {
    case "recompute":
      return t(
        "{0} blocks need {1} in all, {2} more than {3}: weights, moments and gradients; storing would need {4}.",
        depth,
        recompute,
        more,
        few.depth,
        store,
      );
    case "checkpoint":
      return t(
        "{0} blocks need {1} in all with checkpoints, {2} more than {3}; recomputing would need {4}, storing {5}.",
        depth,
        checkpoint,
        more,
        few.depth,
        recompute,
        store,
      );
    case "store":
      return t(
        "{0} blocks need {1} in all, storing, {2} more than {3}; recomputing would need {4}.",
        depth,
        store,
        more,
        few.depth,
        recompute,
      );
  }
}

/** The note up to which depth storing and checkpoints need as much as recomputing, and which part of the step needs that much. */
function coincidenceNote(quantity: Quantity, ownDepth: number, points: readonly TheoryPoint[]): string {
  const deeper = points.filter(({ depth }) => depth >= shallow);
  const common = (mode: MemoryMode): TheoryPoint | undefined => {
    const parted = deeper.findIndex(({ needs }) => needs[mode]?.[quantity] !== needs.recompute?.[quantity]);
    return deeper[(parted < 0 ? deeper.length : parted) - 1];
  };
  const [store, checkpoint] = [common("store"), common("checkpoint")];
  const last = deeper.at(-1);
  const notes: string[] = [];
  if (store !== undefined) {
    const upTo = store.depth;
    const shown = deeper.find(({ depth }) => depth === Math.min(ownDepth, upTo)) ?? store;
    const needs = shown.needs.recompute!;
    notes.push(
      quantity === "peak"
        ? t(
            "Up to {0} blocks all three ways have the same peak: at {1} blocks it lies {2}, and {3} of its {4} are activations.",
            upTo,
            shown.depth,
            placeText(needs.peakIn ?? "other"),
            bytesText(needs.activations),
            bytesText(needs.peak),
          )
        : t("Up to {0} blocks all three ways need the same: the layers around the core need more than it keeps.", upTo),
    );
  }
  if (checkpoint !== undefined && checkpoint.depth > (store?.depth ?? 0))
    notes.push(
      checkpoint === last
        ? t("Checkpoints need no more than recomputing up to {0} blocks and more.", checkpoint.depth)
        : t("Checkpoints need no more than recomputing up to {0} blocks.", checkpoint.depth),
    );
  return notes.join(" ");
}

/** The words for the part of the step in which the peak occurs. */
function placeText(part: MemoryPart): string {
  switch (part) {
    case "encoders":
      return t("in the encoders");
    case "core":
      return t("in the reversible core");
    case "decoders":
      return t("in the decoders");
    case "discriminators":
      return t("in the discriminators");
    case "weights":
    case "moments":
    case "gradients":
    case "images":
    case "other":
      return t("outside of the networks");
  }
}
