/** Licences of data: the patterns by which texts name them, and their short names. */
const licences: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bCC0\b|publicdomain\/zero/i, "CC0-1.0"],
  [/\bApache License,? (?:Version )?2\.0|\bApache-2\.0/i, "Apache-2.0"],
  [/\bMIT License\b|Permission is hereby granted, free of charge/i, "MIT"],
  [/\bBSD\b|Redistribution and use in source and binary forms/i, "BSD"],
  [/\bODbL\b|Open Database License/i, "ODbL"],
];

/** Matches `CC BY-SA 3.0`, `cc-by-4.0`, or the address of a Creative Commons licence. */
const creativeCommons = /(?:\bCC[- ]|creativecommons\.org\/licenses\/)(BY(?:-NC)?(?:-SA|-ND)?)\b(?:[- /](\d\.\d))?/i;

/** The licence that a text beside the data names, by its usual short name; null where none is recognised. */
export function licenceIn(text: string): string | null {
  const [, kind, number] = creativeCommons.exec(text) ?? [];
  if (kind !== undefined) return ["CC", kind.toUpperCase(), ...(number === undefined ? [] : [number])].join("-");
  return licences.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
