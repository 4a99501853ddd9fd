import type { Host } from "../host/host";
import type { Section } from "../ui/section";
import { ComparisonView } from "./comparisonView";
import "./comparison.css";

/** What the compared runs cost, and how good they are. */
export function comparisonSection(host: Host): Section {
  return new ComparisonView(host);
}
