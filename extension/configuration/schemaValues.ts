import * as z from "zod/mini";

/*
 * Schemas of values in `revgan.json`. The error of each check is a phrase that says what is allowed, so that messages can be "KEY must be
 * PHRASE, not VALUE".
 */

export const whole = (least: number, most: number = Number.MAX_SAFE_INTEGER) => {
  const phrase = `a whole number of at least ${least}`;
  return z.int(phrase).check(z.gte(least, phrase), z.lte(most, `a whole number of at most ${most}`));
};

export const weight = () => z.number("a number of at least 0").check(z.gte(0, "a number of at least 0"));

export const momentum = () => {
  const phrase = "a number from 0 to below 1";
  return z.number(phrase).check(z.gte(0, phrase), z.lt(1, phrase));
};

export const choice = <const T extends readonly [string, ...string[]]>(values: T) => {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop() ?? "";
  return z.enum(values, quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`);
};

export const path = (what: string) => {
  const phrase = `the path of ${what}`;
  return z.string(phrase).check(z.minLength(1, phrase));
};

export const nameBeginnings = () => {
  const phrase = "a list of up to 100 beginnings of names";
  return z
    .array(z.string(phrase).check(z.minLength(1, phrase), z.maxLength(500, phrase)), phrase)
    .check(z.maxLength(100, phrase));
};

export const yesOrNo = () => z.boolean("true or false");

const side = () => whole(1, 65536);

export const size = () =>
  z.nullable(
    z.union(
      [side(), z.tuple([side(), side()]), z.tuple([side(), side(), side()])],
      "a whole number, [height, width], [depth, height, width] for volumes, or null",
    ),
  );

export const gpuChoice = () => {
  const phrase = "a number from 0 to 1023, a part of a name, or null";
  const number = z.int(phrase).check(z.gte(0, phrase), z.lte(1023, phrase));
  return z.nullable(
    z.union([number, z.string(phrase).check(z.minLength(1, phrase), z.maxLength(200, phrase))], phrase),
  );
};

export const positiveRate = () => {
  const phrase = "a number above 0, up to 1";
  return z.number(phrase).check(z.gt(0, phrase), z.lte(1, phrase));
};
