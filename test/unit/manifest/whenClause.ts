/** What VS Code knows when it evaluates a condition; a key that nobody has set yet is absent. */
export type Context = Readonly<Record<string, string | number | boolean>>;

const token = /\s*(&&|\|\||==|!=|=~|!|\(|\)|\/(?:\\.|[^/\\])+\/[a-z]*|[^\s&|=!()]+)/y;

/**
 * Evaluates a condition of the manifest as VS Code does: `&&`, `||`, `!`, `==`, `!=`, `=~` and parentheses.
 * @throws Error when it is none
 */
export function holds(when: string | undefined, context: Context): boolean {
  if (when === undefined) return true;
  const tokens = tokensOf(when);
  let at = 0;
  const take = (expected: string): boolean => tokens[at] === expected && at++ >= 0;
  const next = (): string => {
    const word = tokens[at++];
    if (word === undefined) throw new Error(`"${when}" ends too early`);
    return word;
  };
  // Both sides are always read, so that what follows the first one is never taken for something else.
  const either = (): boolean => {
    let value = both();
    while (take("||")) value = both() || value;
    return value;
  };
  const both = (): boolean => {
    let value = single();
    while (take("&&")) value = single() && value;
    return value;
  };
  const single = (): boolean => {
    if (take("!")) return !single();
    if (take("(")) {
      const value = either();
      if (!take(")")) throw new Error(`"${when}" lacks a parenthesis`);
      return value;
    }
    const key = next();
    if (key === "true" || key === "false") return key === "true";
    const value = context[key];
    if (take("==")) return String(value) === next();
    if (take("!=")) return String(value) !== next();
    if (take("=~")) return expression(next()).test(value === undefined ? "" : String(value));
    return Boolean(value);
  };
  const value = either();
  if (at < tokens.length) throw new Error(`"${when}" goes on where it should end`);
  return value;
}

/** The keys that a condition asks for. */
export function keysOf(when: string): string[] {
  const words = tokensOf(when);
  return words.filter(
    (word, index) =>
      /^[a-z]/i.test(word) && word !== "true" && word !== "false" && !/^(==|!=|=~)$/.test(words[index - 1] ?? ""),
  );
}

function tokensOf(when: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < when.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(when);
    if (found === null) throw new Error(`"${when}" cannot be read from ${at} on`);
    tokens.push(found[1]!);
  }
  return tokens;
}

function expression(word: string): RegExp {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/.exec(word) ?? [];
  if (pattern === undefined) throw new Error(`${word} is no regular expression`);
  return new RegExp(pattern, flags);
}
