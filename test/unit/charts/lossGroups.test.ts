import { expect, test } from "vitest";
import { english } from "../../../extension/protocol/durations";
import { lossGroups } from "../../../extension/charts/lossGroups";

const brief = (names: string[]): [string, string[]][] =>
  lossGroups(names, { a: "A", b: "B" }, english).map(({ title, losses }) => [title, losses.map(({ name }) => name)]);

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

test("a label says what a loss means, in the names that people have for the domains", () => {
  const names = ["G_B", "D_A", "D_BA", "D_real", "D_fake", "cycle_A", "G_L1_B", "idt_A", "idt_B", "odd"];
  expect(
    lossGroups(names, { a: "tissue", b: "labels" }, english).flatMap((group) => group.losses.map(({ label }) => label)),
  ).toEqual([
    "labels → tissue",
    "judges labels",
    "judges tissue",
    "judges true pairs",
    "judges fakes",
    "tissue → labels → tissue",
    "tissue → labels",
    "labels → labels",
    "tissue → tissue",
    "odd",
  ]);
});
