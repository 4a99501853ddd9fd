import type { Config } from "../../extension/configuration/config";
import { domainNames } from "../../extension/configuration/domainNames";
import type { TranslationDirection } from "../../extension/protocol/lines";
import type { Domain } from "../../extension/protocol/runFileNames";
import { t } from "../ui/text";

/** The displayed names of the two domains of a run. */
export type DomainNames = Readonly<Record<Domain, string>>;

/** The names of a run's domains; A and B where its configuration cannot be used. */
export function namesOf(config: Config | null): DomainNames {
  return config === null ? { a: "A", b: "B" } : domainNames(config);
}

/** A translation direction as a short text: "A → B". */
export function directionLabel(direction: TranslationDirection, { a, b }: DomainNames): string {
  return direction === "AtoB" ? t("{0} → {1}", a, b) : t("{0} → {1}", b, a);
}

/** The domain whose pictures a direction translates. */
export function domainOf(direction: TranslationDirection): Domain {
  return direction === "AtoB" ? "a" : "b";
}

/** The name of the domain that a direction translates into. */
export function targetName(direction: TranslationDirection, { a, b }: DomainNames): string {
  return direction === "AtoB" ? b : a;
}
