import type { StepLine } from "../../extension/protocol/lines";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { bytesText, exactBytes } from "./bytes";
import { PartsBar } from "./partsBar";
import "./memory.css";

/** Memory in the side view: the tensors' peak, GPU bytes, the process's resident bytes, and a thin bar of the peak's parts. */
export function memoryLine(): Section {
  const tensors = h("span");
  const gpu = h("span");
  const resident = h("span");
  const bar = new PartsBar();
  const words = h("p", { class: "memory-words" }, tensors, gpu, resident);
  const element = h(
    "section",
    { class: "memory memory-compact", "aria-label": t("Memory"), hidden: true },
    words,
    bar.svg,
  );
  let shown: StepLine | null = null;
  return {
    element,
    update({ shown: run }) {
      const line = run?.lastStepLine ?? null;
      if (line === shown) return;
      const before = shown;
      shown = line;
      element.hidden = line === null;
      if (line === null) return;
      gpu.hidden = line.gpuBytes === undefined;
      setText(gpu, t("GPU {0}", bytesText(line.gpuBytes ?? 0)));
      gpu.title = exactBytes(line.gpuBytes ?? 0);
      setText(resident, t("resident {0}", bytesText(line.residentBytes)));
      resident.title = exactBytes(line.residentBytes);
      if (before !== null && JSON.stringify(before.bytes) === JSON.stringify(line.bytes)) return;
      setText(tensors, t("tensors {0}", bytesText(line.bytes.peak)));
      tensors.title = exactBytes(line.bytes.peak);
      bar.show(line.bytes);
    },
  };
}
