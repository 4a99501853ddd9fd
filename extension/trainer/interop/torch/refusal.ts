import { RevganError } from "../../../protocol/errors";

/** Throws for a PyTorch file that cannot be read; both functions take the reason as text. */
export interface Refusal {
  /** The file is incomplete or damaged. */
  readonly broken: (what: string) => never;
  /** The file holds, or asks for, something other than tensors. */
  readonly foreign: (what: string) => never;
}

/** @throws RevganError `checkpoint` naming the file, from both functions */
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

/** A name from a file in the form in which messages show it: short, and without control characters. */
export function shownName(name: string): string {
  const safe = name.replace(/\p{Cc}/gu, "�");
  return safe.length > 80 ? `${safe.slice(0, 79)}…` : safe;
}
