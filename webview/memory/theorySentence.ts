import type { TheoryPoint } from "../../extension/protocol/panel";
import { t } from "../ui/text";
import { bytesText } from "./bytes";
import type { Backprop } from "./backpropModes";

/** The memory of the run's backprop mode by theory, compared with another mode's. */
export function theorySentence({ depth, needs }: TheoryPoint, mode: Backprop): string {
  const [store, checkpoint, recompute] = [needs.store, needs.checkpoint, needs.recompute].map((shares) =>
    shares === undefined ? "" : bytesText(shares.peak),
  ) as [string, string, string];
  if (needs.recompute === undefined)
    return t(
      "This network needs {0} at depth {1} (theory). It is not reversible, so everything is stored.",
      store,
      depth,
    );
  if (store === recompute)
    return t(
      "Recomputing and storing both need {0} at depth {1} (theory): the core is not what this peak is made of.",
      recompute,
      depth,
    );
  switch (mode) {
    case "recompute":
      return t("Recomputing needs {0} at depth {1}; storing would need {2} (theory).", recompute, depth, store);
    case "checkpoint":
      return t(
        "Checkpoints need {0} at depth {1}; storing would need {2}, recomputing {3} (theory).",
        checkpoint,
        depth,
        store,
        recompute,
      );
    case "store":
      return t("Storing needs {0} at depth {1}; recomputing would need {2} (theory).", store, depth, recompute);
  }
}
