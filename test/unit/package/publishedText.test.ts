import { expect, it } from "vitest";
import { publishedText } from "../../../packaging/publishedText";
import { linkTargets, textOf } from "../documents/documents";

const text =
  "# A\n\n![Picture](media/a.png)\n\nSee [B](docs/b.md#c), [below](#d), `x` and [E](https://example.org).\n\n![F](https://example.org/f.png)\n";

it("has no picture and no link that leads nowhere, where no repository is known", () => {
  expect(publishedText(text, false)).toBe(
    "# A\n\nSee B, [below](#d), `x` and [E](https://example.org).\n\n![F](https://example.org/f.png)\n",
  );
});

it("is left to vsce, which makes addresses of links and pictures, where the manifest names a repository", () => {
  expect(publishedText(text, true)).toBe(text);
});

it.each(["README.md", "README.zh-cn.md", "CHANGELOG.md"])(
  "%s as it is published links to the web and to itself alone",
  (name) => {
    const targets = linkTargets(publishedText(textOf(name), false));
    expect(targets.filter((target) => !/^(https:|#)/.test(target))).toEqual([]);
  },
);
