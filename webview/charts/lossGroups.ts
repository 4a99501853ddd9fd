import { t } from "../ui/text";

/** A loss in its group. */
export interface GroupedLoss {
  /** As in the data. */
  readonly name: string;
  /** For people: "cycle_A · A → B → A". */
  readonly label: string;
  /** Tells the curves of one chart apart: 0 solid, 1 dashed, and so on. */
  readonly place: number;
}

/** Losses that share a chart. */
export interface LossGroup {
  readonly id: "generator" | "discriminator" | "cycle" | "l1" | "identity" | "other";
  readonly title: string;
  readonly losses: readonly GroupedLoss[];
}

/** What is known of a loss: its group, and what it says in a few words. Those of one group come in this order: what makes B first. */
const known: Readonly<Record<string, { group: LossGroup["id"]; meaning: () => string }>> = {
  G_A: { group: "generator", meaning: () => "A → B" },
  G_B: { group: "generator", meaning: () => "B → A" },
  G_AB: { group: "generator", meaning: () => "A → B" },
  G_BA: { group: "generator", meaning: () => "B → A" },
  G_GAN: { group: "generator", meaning: () => "A → B" },
  // In the authors' names D_A judges pictures of B: it belongs to G_A, which makes them.
  D_A: { group: "discriminator", meaning: () => t("judges B") },
  D_B: { group: "discriminator", meaning: () => t("judges A") },
  D_AB: { group: "discriminator", meaning: () => t("judges B") },
  D_BA: { group: "discriminator", meaning: () => t("judges A") },
  D_real: { group: "discriminator", meaning: () => t("judges true pairs") },
  D_fake: { group: "discriminator", meaning: () => t("judges fakes") },
  cycle_A: { group: "cycle", meaning: () => "A → B → A" },
  cycle_B: { group: "cycle", meaning: () => "B → A → B" },
  G_L1_B: { group: "l1", meaning: () => "A → B" },
  G_L1_A: { group: "l1", meaning: () => "B → A" },
  G_L1: { group: "l1", meaning: () => "A → B" },
  idt_A: { group: "identity", meaning: () => "B → B" },
  idt_B: { group: "identity", meaning: () => "A → A" },
};

const order: readonly LossGroup["id"][] = ["generator", "discriminator", "cycle", "l1", "identity", "other"];

/** Sorts losses into charts; groups without a loss are left out, and names that nobody knows go into the last. */
export function lossGroups(names: readonly string[]): LossGroup[] {
  const ranked = Object.keys(known);
  return order.flatMap((id) => {
    const own = names.filter((name) => (Object.hasOwn(known, name) ? known[name]!.group : "other") === id);
    if (id !== "other") own.sort((one, other) => ranked.indexOf(one) - ranked.indexOf(other));
    if (own.length === 0) return [];
    return [{ id, title: title(id), losses: own.map((name, place) => ({ name, label: label(name), place })) }];
  });
}

function label(name: string): string {
  return Object.hasOwn(known, name) ? `${name} · ${known[name]!.meaning()}` : name;
}

function title(id: LossGroup["id"]): string {
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
