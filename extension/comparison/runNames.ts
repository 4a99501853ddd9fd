/**
 * For each folder, the shortest end of its path that no other folder in the list has: `maps`, or `monday/maps` where there is
 * `tuesday/maps`, too.
 */
export function runNames(folders: readonly string[]): string[] {
  const parts = folders.map((folder) => folder.split(/[/\\]/).filter((part) => part !== ""));
  const end = (at: number, count: number): string => parts[at]!.slice(-count).join("/");
  return folders.map((_, at) => {
    let count = 1;
    while (
      count < parts[at]!.length &&
      folders.some((__, other) => other !== at && end(other, count) === end(at, count))
    )
      count++;
    return end(at, count);
  });
}
