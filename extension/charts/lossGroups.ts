import { type LossInfo, type LossKind, lossKinds, lossInfo, losses } from "../protocol/lossCatalogue";
import type { Domain } from "../protocol/runFileNames";
import type { Translator } from "../protocol/durations";

type DomainNames = Readonly<Record<Domain, string>>;

/** A loss and its place in a group. */
export interface GroupedLoss {
  /** The loss's name in `metrics.jsonl`. */
  readonly name: string;
  /** The loss's name for users, with the domains' names: "A → B → A". */
  readonly label: string;
  /** Index in the group, by which colour and dash pattern are chosen. */
  readonly place: number;
}

/** Losses that share a chart. */
export interface LossGroup {
  readonly id: LossKind | "other";
  readonly title: string;
  readonly losses: readonly GroupedLoss[];
}

/** Groups losses into charts. Empty groups are omitted; unknown names form the last group. */
export function lossGroups(names: readonly string[], domains: DomainNames, l10n: Translator): LossGroup[] {
  const ranked = Object.keys(losses);
  return [...lossKinds, "other" as const].flatMap((id) => {
    const own = names.filter((name) => (lossInfo(name)?.kind ?? "other") === id);
    if (id !== "other") own.sort((one, other) => ranked.indexOf(one) - ranked.indexOf(other));
    if (own.length === 0) return [];
    return [
      {
        id,
        title: groupTitle(id, l10n),
        losses: own.map((name, place) => ({ name, label: lossLabel(name, domains, l10n), place })),
      },
    ];
  });
}

function lossLabel(name: string, domains: DomainNames, l10n: Translator): string {
  const loss = lossInfo(name);
  return loss === undefined ? name : knownLossLabel(loss, domains, l10n);
}

function knownLossLabel({ kind, direction, pairs }: LossInfo, { a, b }: DomainNames, l10n: Translator): string {
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
      if (pairs === undefined) return l10n.t("judges {0}", to);
      return pairs === "true" ? l10n.t("judges true pairs") : l10n.t("judges fakes");
  }
}

function groupTitle(id: LossGroup["id"], l10n: Translator): string {
  switch (id) {
    case "generator":
      return l10n.t("Generator");
    case "discriminator":
      return l10n.t("Discriminator");
    case "cycle":
      return l10n.t("Cycle");
    case "l1":
      return l10n.t("L1 distance");
    case "identity":
      return l10n.t("Identity");
    case "other":
      return l10n.t("Other losses");
  }
}
