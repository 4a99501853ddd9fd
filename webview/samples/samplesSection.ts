import type { Host } from "../host/host";
import type { Section } from "../ui/section";
import { CompactSamples } from "./compactSamples";
import { SamplesView } from "./samplesView";
import "./samples.css";

/**
 * The pictures that a training writes: each domain's, translated, and back again.
 * @param options compact: the newest only, for a narrow side view
 */
export function samplesSection(host: Host, { compact }: { compact: boolean }): Section {
  return compact ? new CompactSamples(host) : new SamplesView(host);
}
