/** The shortest ends of paths that tell the folders of runs apart: `maps`, or `monday/maps` and `tuesday/maps`. */
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
