import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse, root, sourcesIn } from "./sources";
import { bundleOf, stringsOf } from "./strings";
import { untranslatedIn } from "./untranslated";

const bundle = join(root, "l10n/bundle.l10n.json");

it("finds the texts of host and webview, and names what nobody can translate", () => {
  const host = parse(
    "host.ts",
    'vscode.l10n.t("Train"); l10n.t(`Stop {0}`, name); vscode.l10n.t(word); vscode.l10n.t("{0} of {1}", 1);',
  );
  const webview = parse(
    "webview.ts",
    'import { t, setStrings } from "../ui/text";\nt("Save"); t("Train"); words.map(t); t(`${word}s`); other.t(word);',
  );
  expect(stringsOf([host, webview])).toEqual({
    texts: ["Save", "Stop {0}", "Train", "{0} of {1}"],
    faults: [
      "host.ts:1: its text is computed",
      'host.ts:1: "{0} of {1}" does not take the values that it is given',
      "webview.ts:2: handed on, so that its texts are not seen",
      "webview.ts:2: its text is computed",
    ],
  });
});

it("every text can be translated, and takes the values that it is given", () => {
  expect(productStrings().faults).toEqual([]);
});

it("finds texts that are shown as they are", () => {
  const file = parse(
    "a.ts",
    'pick(items, { title: "Pick one", id: "no text" }); w.showErrorMessage(`It ${x} went wrong`, t("All right")); e.textContent = "Go on"; e.setAttribute("aria-label", "Go on");',
  );
  expect(untranslatedIn([file]).map((fault) => fault.slice("a.ts:1: ".length))).toEqual([
    '"Pick one"',
    "`It ${x} went wrong`",
    '"Go on"',
    '"Go on"',
  ]);
});

it("what host and webview show goes through a translator", () => {
  expect(untranslatedIn(["extension/vscode", "webview"].flatMap(sourcesIn))).toEqual([]);
});

it("the committed bundle holds every text, and no other (UPDATE_STRINGS=1 writes it)", () => {
  const { texts } = productStrings();
  if (process.env["UPDATE_STRINGS"] === "1") writeFileSync(bundle, bundleOf(texts));
  expect(JSON.parse(readFileSync(bundle, "utf8"))).toEqual(JSON.parse(bundleOf(texts)));
});

function productStrings(): ReturnType<typeof stringsOf> {
  return stringsOf([...sourcesIn("extension"), ...sourcesIn("webview")]);
}
