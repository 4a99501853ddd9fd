import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requireFromHere } from "./packages";

/**
 * TensorFlow 2.21 tells on stderr, while its library is being loaded and whatever TF_CPP_MIN_LOG_LEVEL says, that oneDNN is on. stderr
 * is where our users look for errors, so an addon of forty lines, compiled beside the binding, sets it aside during the load.
 */
const source = `
#include <node_api.h>
#include <stdio.h>
#include <string>
#include <unistd.h>

static FILE *aside = nullptr;
static int original = -1;

static napi_value Begin(napi_env, napi_callback_info) {
  if (aside != nullptr) return nullptr;
  fflush(stderr);
  aside = tmpfile();
  if (aside == nullptr) return nullptr;
  original = dup(2);
  if (original < 0 || dup2(fileno(aside), 2) < 0) { fclose(aside); aside = nullptr; }
  return nullptr;
}

static napi_value End(napi_env env, napi_callback_info) {
  std::string text;
  if (aside != nullptr) {
    fflush(stderr);
    dup2(original, 2);
    close(original);
    rewind(aside);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, aside)) > 0;) text.append(buffer, n);
    fclose(aside);
    aside = nullptr;
  }
  napi_value result;
  return napi_create_string_utf8(env, text.data(), text.size(), &result) == napi_ok ? result : nullptr;
}

static napi_value Init(napi_env env, napi_value exports) {
  napi_property_descriptor all[] = {{"begin", nullptr, Begin, nullptr, nullptr, nullptr, napi_default, nullptr},
                                    {"end", nullptr, End, nullptr, nullptr, nullptr, napi_default, nullptr}};
  napi_define_properties(env, exports, 2, all);
  return exports;
}

NAPI_MODULE(quiet, Init)
`;

interface QuietAddon {
  begin(): void;
  /** What was written to stderr meanwhile. */
  end(): string;
}

const addonName = "quiet_stderr.node";

/** Writes the addon's source into a folder. @returns its path and that of what it is to be compiled to */
export async function writeQuietSource(folder: string): Promise<{ source: string; output: string }> {
  const path = join(folder, "quiet_stderr.cc");
  await writeFile(path, source);
  return { source: path, output: join(folder, addonName) };
}

/**
 * Runs `load` while stderr is set aside, then prints of it what is not one of TensorFlow's known greetings.
 * @param folder the engine's; without the addon in it (tfjs-node's own binding) everything is printed
 */
export function withQuietStderr<T>(folder: string, load: () => T): T {
  const path = join(folder, addonName);
  if (!existsSync(path)) return load();
  const addon = requireFromHere(path) as QuietAddon;
  addon.begin();
  try {
    return load();
  } finally {
    const rest = withoutGreetings(addon.end());
    if (rest !== "") process.stderr.write(rest);
  }
}

const greetings = [/^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/, /^I\d{4} .*oneDNN custom operations are on\./, /^I\d{4} .*This TensorFlow binary is optimized/, /^To enable the following instructions: /];

/** TensorFlow's words without the lines that it prints on every start. */
export function withoutGreetings(text: string): string {
  const lines = text.split("\n").filter((line) => !greetings.some((greeting) => greeting.test(line)));
  return lines.every((line) => line === "") ? "" : lines.join("\n");
}
