import { basename } from "node:path";
import type { ComparisonLine } from "../../extension/protocol/lines";
import type { Sweep, Values } from "../../extension/trainer/sweep/sweepFile";

/** A network and its objective: an entry of the sweep's list. */
export interface Contender {
  readonly values: Values;
  readonly kind: "revgan" | "cyclegan" | "pix2pix";
  readonly mode: "paired" | "unpaired";
  readonly depth: number;
  readonly width: number;
  readonly name: string;
  /** In the figure. */
  readonly mark: string;
}

/** What A and B of the data sets are. */
const domains: Readonly<Record<string, string>> = {
  "nuclei-labels": "stained tissue to label map, and back",
  "satellite-relief": "satellite picture to relief map, and back",
};

/** The data sets: pairs, A left and B right in one picture of 128² each, with a test split. */
export function dataSetsOf({
  grid,
}: Sweep): { readonly path: string; readonly name: string; readonly domains: string }[] {
  return (grid["data.path"] as string[]).map((path) => {
    const name = basename(path);
    return { path, name, domains: domains[name] ?? name };
  });
}

/** In the order of the sweep; the first of a mode is what the others are deeper or wider than. */
export function contendersOf({ list }: Sweep): Contender[] {
  return list.map((values) => {
    const kind = values["network.kind"] as Contender["kind"];
    const mode = values["mode"] as Contender["mode"];
    const [depth, width] = [values["network.depth"] as number, values["network.width"] as number];
    const usual = list.find((each) => each["mode"] === mode)!;
    const size =
      depth > Number(usual["network.depth"]) ? "deeper" : width > Number(usual["network.width"]) ? "wider" : "";
    const network = kind === "revgan" ? `RevGAN ${mode}` : kind === "cyclegan" ? "CycleGAN" : kind;
    const mark = kind !== "revgan" ? "◆" : size === "deeper" ? "▲" : size === "wider" ? "■" : "●";
    return { values, kind, mode, depth, width, name: size === "" ? network : `${network}, ${size}`, mark };
  });
}

/** The runs of a contender on a data set, or on all. */
export function runsOf(lines: readonly ComparisonLine[], { values }: Contender, data?: string): ComparisonLine[] {
  return lines.filter(
    ({ settings = {} }) =>
      Object.entries(values).every(([key, value]) => settings[key] === value) &&
      (data === undefined || basename(String(settings["data.path"])) === data),
  );
}
