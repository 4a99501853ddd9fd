import { addonIn } from "./addons";
import { requireFromHere } from "./packages";

/** native/quietStderr.cc. */
interface QuietAddon {
  begin(): void;
  /** What was written to stderr meanwhile. */
  end(): string;
}

/**
 * Runs `load` while stderr is set aside, then prints of it what is not one of TensorFlow's known greetings.
 * @param folder the engine's; without the addon in it (tfjs-node's own binding) everything is printed
 */
export function withQuietStderr<T>(folder: string, load: () => T): T {
  const path = addonIn(folder, "quietStderr");
  if (path === null) return load();
  const addon = requireFromHere(path) as QuietAddon;
  addon.begin();
  try {
    return load();
  } finally {
    const rest = withoutGreetings(addon.end());
    if (rest !== "") process.stderr.write(rest);
  }
}

const greetings = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I\d{4} .*oneDNN custom operations are on\./,
  /^I\d{4} .*This TensorFlow binary is optimized/,
  /^To enable the following instructions: /,
  // The GPU's build on the CPU; where a GPU is wanted, that it works was tried before.
  /^E\d{4} .*failed call to cuInit: /,
];

/** TensorFlow's words without the lines that it prints on every start. */
export function withoutGreetings(text: string): string {
  const lines = text.split("\n").filter((line) => !greetings.some((greeting) => greeting.test(line)));
  return lines.every((line) => line === "") ? "" : lines.join("\n");
}
