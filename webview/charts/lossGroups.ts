import { type LossInfo, type LossKind, lossKinds, lossInfo, losses } from "../../extension/protocol/lossCatalogue";
import type { DomainNames } from "../state/domainNames";
import { t } from "../ui/text";

/** A loss in its group. */
export interface GroupedLoss {
  /** As in `metrics.jsonl`. */
  readonly name: string;
  /** For people: "A → B → A". */
  readonly label: string;
  /** Index in the group, which selects colour and dash pattern. */
  readonly place: number;
}

/** Losses that share a chart. */
export interface LossGroup {
  readonly id: LossKind | "other";
  readonly title: string;
  readonly losses: readonly GroupedLoss[];
}

/** Groups losses into charts. Empty groups are omitted; unknown names form the last group. */
export function lossGroups(names: readonly string[], domains: DomainNames): LossGroup[] {
  const ranked = Object.keys(losses);
  return [...lossKinds, "other" as const].flatMap((id) => {
    const own = names.filter((name) => (lossInfo(name)?.kind ?? "other") === id);
    if (id !== "other") own.sort((one, other) => ranked.indexOf(one) - ranked.indexOf(other));
    if (own.length === 0) return [];
    return [
      {
        id,
        title: groupTitle(id),
        losses: own.map((name, place) => ({ name, label: lossLabel(name, domains), place })),
      },
    ];
  });
}

function lossLabel(name: string, domains: DomainNames): string {
  const loss = lossInfo(name);
  return loss === undefined ? name : knownLossLabel(loss, domains);
}

function knownLossLabel({ kind, direction, pairs }: LossInfo, { a, b }: DomainNames): string {
  const [from, to] = direction === "AtoB" ? [a, b] : [b, a];
  switch (kind) {
    case "generator":
    case "l1":
      return `${from} → ${to}`;
    case "cycle":
      return `${from} → ${to} → ${from}`;
    case "identity":
      return `${to} → ${to}`;
    case "discriminator":
      if (pairs === undefined) return t("judges {0}", to);
      return pairs === "true" ? t("judges true pairs") : t("judges fakes");
  }
}

function groupTitle(id: LossGroup["id"]): string {
  switch (id) {
    case "generator":
      return t("Generator");
    case "discriminator":
      return t("Discriminator");
    case "cycle":
      return t("Cycle");
    case "l1":
      return t("L1 distance");
    case "identity":
      return t("Identity");
    case "other":
      return t("Other losses");
  }
}
