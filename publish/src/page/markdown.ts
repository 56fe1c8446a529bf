// Markdown and code to HTML.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import MarkdownIt from 'markdown-it';
import { escapeHtml } from 'descent-lab/internal';
import { math } from './math';
import { OurHtml } from './safe-html';

for (const [name, language] of Object.entries({ bash, python, typescript })) hljs.registerLanguage(name, language);
hljs.registerAliases(['sh'], { languageName: 'bash' });

/** Source code as HTML with its parts marked by highlight.js's classes. */
export const highlight = (code: string, language = 'typescript'): string =>
  hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code);

/** A heading's address: `Why the intercept hardly moves` is at #why-the-intercept-hardly-moves. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** How one page reads Markdown. */
export interface MarkdownOptions {
  /** What becomes of the address of a link or an image. */
  rewriteLink?: (address: string) => string;
  /** What the addresses of its headings begin with: where it stands in the page of another text. */
  prefix?: string;
}

/** A heading of a page. */
export interface Heading {
  level: number;
  text: string;
  id: string;
}

/**
 * A renderer for one page: Markdown to HTML, made safe. It collects the headings and gives each an address of its own.
 */
export function markdownRenderer({ rewriteLink = (address) => address, prefix = '' }: MarkdownOptions = {}) {
  const headings: Heading[] = [];
  const markdown = new MarkdownIt({ html: true, linkify: true, highlight });
  const formulae = new OurHtml();
  markdown.use(math, (html: string) => formulae.add(html));
  markdown.core.ruler.push('addresses', ({ tokens }) => {
    tokens.forEach((token, i) => {
      if (token.type === 'heading_open') {
        const text = (tokens[i + 1]?.children ?? []).map(({ content }) => content).join('');
        const base = prefix + slug(text);
        const same = headings.filter(({ id }) => id.replace(/-\d+$/, '') === base).length;
        const id = same ? `${base}-${same + 1}` : base;
        headings.push({ level: Number(token.tag.slice(1)), text, id });
        token.attrSet('id', id);
      }
      for (const child of token.children ?? []) {
        const name = child.type === 'image' ? 'src' : 'href';
        const address = child.attrGet(name);
        if (address) child.attrSet(name, rewriteLink(String(address)));
      }
    });
  });
  return { headings, render: (text: string): string => formulae.within(markdown.render(text)) };
}
