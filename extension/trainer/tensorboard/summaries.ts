import { assignmentsOf } from "../../configuration/assignments";
import type { Config } from "../../configuration/config";
import type { StepLine, TranslationDirection, ValidationLine } from "../../protocol/lines";
import { middleSlice, type SampleName } from "../../protocol/runFileNames";
import { encodeHParams, type HParamsMessage, type HParamValue, type SummaryValue } from "./eventMessages";

/** A step's losses, learning rate and time, and its memory in bytes. */
export function stepSummary(line: StepLine): SummaryValue[] {
  const { losses, learningRate, seconds, epoch, bytes, residentBytes: resident, gpuBytes: gpu } = line;
  const { live, peak, largestActivations, peakByPart } = bytes;
  return [
    ...scalars("loss", losses),
    ...scalars("training", { learningRate, secondsPerStep: seconds, epoch }),
    ...scalars("memory", { live, peak, largestActivations, resident, gpu }),
    ...scalars("memoryAtPeak", peakByPart),
  ];
}

/** The figures of a validation, by direction. */
export function validationSummary({ metrics }: ValidationLine): SummaryValue[] {
  return Object.entries(metrics).flatMap(([direction, figures]) => scalars(`validation/${direction}`, figures));
}

/** A sample picture with the file's own PNG bytes; null for a file that is no PNG. */
export function sampleSummary(sample: SampleName, png: Buffer): SummaryValue | null {
  if (png.length < 26 || png.toString("latin1", 12, 16) !== "IHDR") return null;
  const colorspace = { 0: 1, 2: 3, 4: 2, 6: 4 }[png[25]!] ?? 3;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  return { tag: sampleTag(sample), image: { height, width, colorspace, encodedImageString: png } };
}

/**
 * The tag of a sample: direction, picture and kind, as `AtoB/0/translated`; for a volume's slices outside its middle
 * `AtoB/0/translated.20`.
 */
function sampleTag({ domain, kind, index, slice }: SampleName): string {
  const direction: TranslationDirection = domain === "a" ? "AtoB" : "BtoA";
  return `${direction}/${index}/${kind}${slice === middleSlice ? "" : `.${slice}`}`;
}

/** The hyper-parameters of a run: its whole configuration, sorted by key. @param startTimeSecs seconds since 1970 */
export function sessionStart(config: Config, startTimeSecs: number): SummaryValue {
  const sorted = assignmentsOf(config).sort((a, b) => (a.key < b.key ? -1 : 1));
  const hparams = Object.fromEntries(sorted.map(({ key, value }) => [key, hparamOf(value)]));
  return hparamsSummary("_hparams_/session_start_info", { sessionStartInfo: { hparams, startTimeSecs } });
}

/** The end of a finished run, for the HParams plugin. @param endTimeSecs seconds since 1970 */
export function sessionEnd(endTimeSecs: number): SummaryValue {
  const success = 1;
  return hparamsSummary("_hparams_/session_end_info", { sessionEndInfo: { status: success, endTimeSecs } });
}

function hparamsSummary(tag: string, message: HParamsMessage): SummaryValue {
  return { tag, metadata: { pluginData: { pluginName: "hparams", content: encodeHParams(message) } } };
}

function hparamOf(value: unknown): HParamValue {
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return { stringValue: typeof value === "string" ? value : JSON.stringify(value) };
}

/** Summary values of figures. Values that are no numbers are left out, because a file may contain anything in their place. */
function scalars(group: string, figures: object | undefined): SummaryValue[] {
  return Object.entries(figures ?? {}).flatMap(([name, simpleValue]: [string, unknown]) =>
    typeof simpleValue === "number" ? [{ tag: `${group}/${name}`, simpleValue }] : [],
  );
}
