// Files of the project as pages: a text as a text, source code with its lines numbered.
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { escapeHtml } from 'descent-lab/internal';
import { highlight, markdownRenderer } from '../page/markdown';
import { filePath, linksOf } from './addresses';
import { GLOSSARY, withPlaces } from './glossary';
import type { SitePage } from './shell';

const languages: Record<string, string> = {
  '.ts': 'typescript',
  '.mjs': 'typescript',
  '.js': 'typescript',
  '.py': 'python',
};

function sourcePage(file: string, text: string): SitePage {
  const code = highlight(text.trimEnd(), languages[extname(file)] ?? 'plain');
  const numbers = text
    .trimEnd()
    .split('\n')
    .map((_, i) => `<a id="L${i + 1}" href="#L${i + 1}">${i + 1}</a>`);
  return {
    title: file,
    html:
      `<h1 class="file">${escapeHtml(file)}</h1>
<div class="source"><pre class="lines" aria-label="Line numbers">${numbers.join('\n')}</pre>` +
      `<pre class="code" aria-label="Source"><code>${code}</code></pre></div>`,
  };
}

/** The page of one file. */
export function filePage(root: string, file: string, want: (file: string) => void): SitePage {
  const text = readFileSync(join(root, file), 'utf8');
  if (extname(file) !== '.md') return sourcePage(file, text);
  const markdown = markdownRenderer({ rewriteLink: linksOf(root, file, filePath(file), want) });
  const rendered = markdown.render(text);
  const html = file === GLOSSARY ? withPlaces(rendered) : rendered;
  return { title: markdown.headings[0]?.text ?? file, html };
}
