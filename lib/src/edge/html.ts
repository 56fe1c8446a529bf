import { createHash } from 'node:crypto';

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML, also within an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!);

/** Data as an element that a page's script reads, and no browser runs. */
export const dataElement = (data: unknown): string =>
  `<script type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;

/** What a page is made of: beside the title all is HTML, CSS or JavaScript of ours. */
export interface HtmlParts {
  /** Plain text. */
  title: string;
  /** More elements of the head. */
  head?: string;
  style?: string;
  body: string;
  /** What runs at the end, one after the other. */
  scripts?: string[];
  /** Whether it starts workers: of files beside it, or of its own text. */
  worker?: boolean;
}

/**
 * A whole page. It runs these scripts and those in files beside it and asks no other host for anything: should foreign
 * text ever come in as HTML, or a chart name a picture elsewhere, the browser itself refuses.
 */
export function htmlPage({ title, head = '', style, body, scripts = [], worker = false }: HtmlParts): string {
  const texts = scripts.map((script) => script.replace(/<\/script/gi, '<\\/script'));
  const elements = texts.map((text) => `<script>${text}</script>\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(texts)}${worker ? "; worker-src 'self' blob:" : ''}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
${style === undefined ? '' : `<style>\n${style}</style>\n`}${head}</head>
<body>
${body}
${elements.join('')}</body>
</html>
`;
}

/** Plotly compiles the programs that draw in space, and styles its elements one by one. */
function policy(scripts: string[]): string {
  const hashes = scripts.map((text) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`).join('');
  return (
    `default-src 'none'; script-src 'self' file: 'unsafe-eval'${hashes}; style-src 'self' file: 'unsafe-inline'; ` +
    "img-src 'self' file: data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
  );
}
