/** A text as one word of a POSIX shell, whatever it holds: quoted unless it is plain. */
export function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
