import type { Host } from "../host/host";
import type { Section } from "../ui/section";
import { MemoryView } from "./memoryView";
import "./memory.css";

/** Memory against depth, by theory, as measured and now, and what the present peak is made of. */
export function memorySection(host: Host): Section {
  return new MemoryView(host);
}
