import { expect, it } from "vitest";
import { fenced, plain } from "../../../extension/trainer/report/markdown";
import { markup } from "../../../extension/trainer/report/markup";
import { publicConfig } from "../../../extension/trainer/report/reproduction";

it("escapes what is put into a template, in elements and in attributes, and nothing of the template", () => {
  const name = `<b>"&'\u0007\u202e`;
  expect(markup`<p title="${name}">${name}${[1, markup`<br>`, null]}</p>`.text).toBe(
    `<p title="&#60;b&#62;&#34;&#38;&#39;">&#60;b&#62;&#34;&#38;&#39;1<br></p>`,
  );
});

it("text in Markdown is one line without markup, and code cannot end its block", () => {
  expect(plain("a\n# b <i> [x](y) `c` *d*")).toBe("a \\# b \\<i\\> \\[x\\](y) \\`c\\` \\*d\\*");
  expect(fenced("a\n````\n<b>")).toBe("`````\na\n````\n<b>\n`````");
});

it("a configuration tells the names of data folders and of the weights to start with, and not where they are", () => {
  const names = { a: "x", b: "y" };
  const config = {
    mode: "paired",
    data: { path: "/home/anna/maps", a: null, names },
    training: { init: "/home/anna/weights/latest_net_G.pth", maxSteps: 3 },
  };
  expect(publicConfig(config)).toEqual({
    mode: "paired",
    data: { path: "maps", a: null, names },
    training: { init: "latest_net_G.pth", maxSteps: 3 },
  });
  expect(publicConfig({ mode: "paired" })).toEqual({ mode: "paired" });
});
