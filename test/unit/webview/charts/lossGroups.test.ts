import { expect, test } from "vitest";
import { lossGroups } from "../../../../webview/charts/lossGroups";

const brief = (names: string[]): [string, string[]][] =>
  lossGroups(names).map(({ title, losses }) => [title, losses.map(({ name }) => name)]);

test("the losses of unpaired training are four charts, each with both directions", () => {
  expect(brief(["G_A", "cycle_A", "G_B", "cycle_B", "idt_A", "idt_B", "D_A", "D_B"])).toEqual([
    ["Generator", ["G_A", "G_B"]],
    ["Discriminator", ["D_A", "D_B"]],
    ["Cycle", ["cycle_A", "cycle_B"]],
    ["Identity", ["idt_A", "idt_B"]],
  ]);
});

test("those of paired training are three, and what makes B comes first in each", () => {
  expect(brief(["G_AB", "G_L1_B", "G_BA", "G_L1_A", "D_AB", "D_BA"])).toEqual([
    ["Generator", ["G_AB", "G_BA"]],
    ["Discriminator", ["D_AB", "D_BA"]],
    ["L1 distance", ["G_L1_B", "G_L1_A"]],
  ]);
});

test("those of a pix2pix are three, of one direction", () => {
  expect(brief(["D_fake", "D_real", "G_GAN", "G_L1"])).toEqual([
    ["Generator", ["G_GAN"]],
    ["Discriminator", ["D_real", "D_fake"]],
    ["L1 distance", ["G_L1"]],
  ]);
});

test("names that nobody knows, those of JavaScript's own objects too, go into a chart of their own", () => {
  expect(brief(["perceptual", "G_A", "constructor", "toString"])).toEqual([
    ["Generator", ["G_A"]],
    ["Other losses", ["perceptual", "constructor", "toString"]],
  ]);
});

test("a label says the name as in the data and what it means", () => {
  const names = ["G_B", "D_A", "D_BA", "D_real", "D_fake", "cycle_A", "G_L1_B", "idt_A", "idt_B", "odd"];
  expect(lossGroups(names).flatMap((group) => group.losses.map(({ label }) => label))).toEqual([
    "G_B · B → A",
    "D_A · judges B",
    "D_BA · judges A",
    "D_real · judges true pairs",
    "D_fake · judges fakes",
    "cycle_A · A → B → A",
    "G_L1_B · A → B",
    "idt_A · B → B",
    "idt_B · A → A",
    "odd",
  ]);
});
