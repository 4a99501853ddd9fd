import { sep } from "node:path";
import type { DataLayout } from "../../../protocol/trainer";
import type { Translations } from "../../../host/translations";
import { asSentence } from "../../../protocol/errors";
import { relativeToWorkspace, toRevganError } from "../../notifications";

/** A folder, or two, after they were inspected: what they hold, or why they cannot be trained on. */
export type Inspection = { readonly layout: DataLayout } | { readonly problem: Problem };

/** Sentences. */
interface Problem {
  readonly message: string;
  readonly remedy: string;
}

export function isUnusable(inspection: Inspection | null): boolean {
  return inspection !== null && "problem" in inspection;
}

/** A folder to choose. */
export interface FolderEntry {
  readonly folder: string;
  /** Whether files of one domain are directly in it. */
  readonly isPlain: boolean;
  /** Null until it was inspected. */
  readonly inspection: Inspection | null;
}

/** The folders of a workspace to choose from, which are inspected one after the other. */
export class FolderList {
  private readonly all: FolderEntry[];
  private listener: () => void = () => undefined;

  /** @param signal ends the inspections */
  constructor(
    private readonly translations: Translations,
    readonly root: string,
    found: { readonly dataSets: readonly string[]; readonly plain: readonly string[] },
    private readonly signal: AbortSignal,
  ) {
    const entry = (folder: string, isPlain: boolean): FolderEntry => ({ folder, isPlain, inspection: null });
    this.all = [...found.dataSets.map((each) => entry(each, false)), ...found.plain.map((each) => entry(each, true))];
    void this.inspectAll();
  }

  get entries(): readonly FolderEntry[] {
    return this.all;
  }

  get isBusy(): boolean {
    return this.all.some(({ inspection }) => inspection === null);
  }

  /** Calls back whenever a folder was inspected; only the last listener is called. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Inspects a folder, which may be a new one, if it was not yet. */
  async inspected(folder: string): Promise<FolderEntry> {
    const known = this.all.find((entry) => entry.folder === folder);
    if (known !== undefined && known.inspection !== null) return known;
    const inspection = await this.inspect({ path: folder });
    const isPlain = "layout" in inspection ? inspection.layout.kind === "one" : (known?.isPlain ?? false);
    const entry = { folder, isPlain, inspection };
    const at = this.all.findIndex((each) => each.folder === folder);
    // One that was chosen by a dialog comes first.
    if (at < 0) this.all.unshift(entry);
    else this.all[at] = entry;
    this.listener();
    return entry;
  }

  /** Inspects a folder, or those of A and B. */
  async inspect(data: Parameters<Translations["inspect"]>[0]): Promise<Inspection> {
    try {
      return { layout: await this.translations.inspect(data, this.signal) };
    } catch (error) {
      const { message, remedy } = toRevganError(error);
      // An entry has little room: paths are shortened by what its label says.
      const short = (text: string): string =>
        Object.values(data).reduce<string>(
          (shorter, folder) => shorter.replaceAll(`${folder}${sep}`, ""),
          asSentence(text),
        );
      return { problem: { message: relativeToWorkspace(short(message)), remedy: relativeToWorkspace(short(remedy)) } };
    }
  }

  private async inspectAll(): Promise<void> {
    for (const { folder } of [...this.all]) {
      if (this.signal.aborted) return;
      await this.inspected(folder);
    }
  }
}
