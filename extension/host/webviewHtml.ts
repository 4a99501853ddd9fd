/** The values from which the HTML page of a webview is made. */
export interface PageParts {
  readonly title: string;
  /** Which of its two views the webview bundle shows. */
  readonly view: "panel" | "side";
  /** The page's language as a BCP 47 tag, for screen readers. */
  readonly language: string;
  /** The URL of the webview bundle; `style` is that of its style sheet. */
  readonly script: string;
  readonly style: string;
  /**
   * Source expressions for the content security policy, from which styles and fonts may be loaded; `imageSource` for pictures,
   * `connectSource` for requests.
   */
  readonly styleSource: string;
  readonly imageSource: string;
  /** `'none'` inside VS Code; `'self'` for the page of `revgan view`, which requests its messages from the server. */
  readonly connectSource: string;
  /** A random word, new for each page, by which the content security policy recognises the page's script. */
  readonly nonce: string;
}

/** The page that loads the webview bundle: no inline style, no inline script, nothing from anywhere else. */
export function pageHtml({
  title,
  view,
  language,
  script,
  style,
  styleSource,
  imageSource,
  connectSource,
  nonce,
}: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${styleSource}`,
    `font-src ${styleSource}`,
    `img-src ${imageSource} blob: data:`,
    `connect-src ${connectSource}`,
  ];
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy.join("; "))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
</head>
<body data-view="${view}">
<script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
