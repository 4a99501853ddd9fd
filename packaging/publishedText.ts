const picture = /!\[[^\]]*\]\((?!https:)[^)]+\)\n?/g;
const relativeLink = /(?<!!)\[([^\]]*)\]\((?!https?:|mailto:|#)[^)]+\)/g;

/**
 * A Markdown document as the package and the Marketplace show it. The files that it links to are missing there, so relative pictures are
 * removed and relative links are replaced by their texts. If the manifest has a `repository`, the document is unchanged: vsce then turns
 * relative links and pictures into addresses in the repository.
 */
export function publishedText(markdown: string, hasRepository: boolean): string {
  if (hasRepository) return markdown;
  return markdown
    .replace(picture, "")
    .replace(relativeLink, "$1")
    .replace(/\n{3,}/g, "\n\n");
}
