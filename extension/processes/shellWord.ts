/** A text as one word of a POSIX shell, in single quotes where it contains characters that a shell could interpret. */
export function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
