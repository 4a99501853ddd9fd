const picture = /!\[[^\]]*\]\((?!https:)[^)]+\)\n?/g;
const relativeLink = /(?<!!)\[([^\]]*)\]\((?!https?:|mailto:|#)[^)]+\)/g;

/**
 * A document as the package and the Marketplace show it, where the files that it links to are missing: without pictures, and with the
 * texts of relative links in their place. A document of a manifest with a `repository` is left as it is: vsce then makes addresses in
 * the repository of its links and pictures.
 */
export function publishedText(markdown: string, hasRepository: boolean): string {
  if (hasRepository) return markdown;
  return markdown
    .replace(picture, "")
    .replace(relativeLink, "$1")
    .replace(/\n{3,}/g, "\n\n");
}
