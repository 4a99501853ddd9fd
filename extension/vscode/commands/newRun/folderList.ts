import { sep } from "node:path";
import type { DataLayout } from "../../../protocol/trainer";
import type { Translations } from "../../../host/translations";
import { asSentence } from "../../../protocol/errors";
import { relativeToWorkspace, toRevganError } from "../../notifications";

/** The result of inspecting one or two folders: their layout, or why they cannot be trained on. */
export type Inspection = { readonly layout: DataLayout } | { readonly problem: Problem };

/** Message and remedy as sentences for the user. */
interface Problem {
  readonly message: string;
  readonly remedy: string;
}

export function isUnusable(inspection: Inspection | null): boolean {
  return inspection !== null && "problem" in inspection;
}

/** A folder in the list to choose from. */
export interface FolderEntry {
  readonly folder: string;
  /** Whether it directly contains files, which can be those of one domain. */
  readonly isPlain: boolean;
  /** Null until the folder was inspected. */
  readonly inspection: Inspection | null;
}

/** The folders of a workspace to choose from. They are inspected one after the other, in the background. */
export class FolderList {
  private readonly all: FolderEntry[];
  private listener: () => void = () => undefined;

  /**
   * @param root the workspace folder
   * @param signal ends the inspections when aborted
   */
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

  /** Sets the listener that is called whenever a folder was inspected. It replaces an earlier listener. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** The entry of a folder after its inspection, which is made only once. Adds a folder that is not in the list. */
  async inspected(folder: string): Promise<FolderEntry> {
    const known = this.all.find((entry) => entry.folder === folder);
    if (known !== undefined && known.inspection !== null) return known;
    const inspection = await this.inspect({ path: folder });
    const isPlain = "layout" in inspection ? inspection.layout.kind === "one" : (known?.isPlain ?? false);
    const entry = { folder, isPlain, inspection };
    const at = this.all.findIndex((each) => each.folder === folder);
    // A folder that was chosen by a dialog comes first.
    if (at < 0) this.all.unshift(entry);
    else this.all[at] = entry;
    this.listener();
    return entry;
  }

  /** Inspects a folder, or the folders of A and B together. */
  async inspect(data: Parameters<Translations["inspect"]>[0]): Promise<Inspection> {
    try {
      return { layout: await this.translations.inspect(data, this.signal) };
    } catch (error) {
      const { message, remedy } = toRevganError(error);
      // Entries have little room, so the folder's own path, which the label shows, is removed from the texts.
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
