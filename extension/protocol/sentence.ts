/** A message is part of a line on a terminal; where it stands on its own it has a capital and a stop. */
export function sentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(start) || start === "" ? start : `${start}.`;
}
