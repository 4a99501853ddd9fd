/** What the page of a webview needs to know. */
export interface PageParts {
  readonly title: string;
  /** Which of the two the one bundle shows. */
  readonly view: "panel" | "side";
  /** BCP 47, for screen readers. */
  readonly language: string;
  /** Addresses of the bundle. */
  readonly script: string;
  readonly style: string;
  /** Sources that the policy allows beside the script, as in a content security policy: where style, pictures and messages come from. */
  readonly styleSource: string;
  readonly imageSource: string;
  /** `'none'` inside VS Code, `'self'` for the page of `revgan view`. */
  readonly connectSource: string;
  /** A fresh random word for each page. */
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
