import { RevganError } from "../../../protocol/errors";

/** Why a file of PyTorch's is not read. */
export interface Refusal {
  /** It is cut or damaged. */
  readonly broken: (what: string) => never;
  /** It holds, or asks for, something else than tensors. */
  readonly foreign: (what: string) => never;
}

/** @throws RevganError `checkpoint` naming the file, by both functions */
export function refusalOf(file: string): Refusal {
  return {
    broken: (what) => {
      throw new RevganError(
        "checkpoint",
        `${file} is not a whole PyTorch file: ${what}`,
        "get the file again, or use another",
      );
    },
    foreign: (what) => {
      throw new RevganError(
        "checkpoint",
        `${file} ${what}, and only tensors are read`,
        "save the weights alone, by torch.save(network.state_dict(), FILE) or as safetensors",
      );
    },
  };
}

/** A name that a file chooses, as messages show it: short, and without control characters. */
export function shownName(name: string): string {
  const safe = name.replace(/\p{Cc}/gu, "�");
  return safe.length > 80 ? `${safe.slice(0, 79)}…` : safe;
}
