// The library's reference as pages of the site: one for each name, and one that lists them by subject.
import { posix } from 'node:path';
import { markdownRenderer } from '../page/markdown';
import { filePath, fromTo, libraryPage } from './addresses';
import { sourceMark, type ApiName } from './api';
import type { SitePage } from './shell';

/** The folders of lib/src, in the order in which a reader needs them. */
const subjects: Record<string, string> = {
  descent: 'The loop',
  losses: 'Losses',
  optimizers: 'Optimisers',
  regression: 'Fitting a line',
  spreads: 'Spreading vectors',
  races: 'Racing optimisers',
  pictures: 'Photos and pictures',
  classifiers: 'Classifiers',
  attacks: 'Attacks',
  evaluation: 'How often an attack succeeds',
  training: 'Training a network',
  figures: 'Figures',
  data: 'Data',
  edge: 'Showing figures in a notebook, or as files',
  '': 'Everywhere',
};

const subjectOf = ({ file }: ApiName): string => {
  const [folder] = posix.dirname(file).split('/');
  return folder === '.' ? '' : folder!;
};

/** What a name belongs to, in words. */
export const subjectTitle = (name: ApiName): string => subjects[subjectOf(name)] ?? subjectOf(name);

/** Where one of TypeDoc's pages is in the site: `api/losses/functions/lineLoss.html`. */
const placeOf = (page: string): string =>
  `api/${page
    .replace(/^The-library\//, '')
    .replaceAll('namespaces/', '')
    .replace(/\.md$/, '.html')}`;

/** Where a name's page is in the site. */
export const apiPath = ({ page }: ApiName): string => placeOf(page);

/** The first sentence of its doc comment, in Markdown. */
const firstSentence = ({ summary }: ApiName): string => /^[^]*?[.!?](?=\s|$)/.exec(summary)?.[0] ?? summary;

const inline = (markdown: string): string =>
  markdownRenderer()
    .render(markdown)
    .replace(/^<p>|<\/p>\s*$/g, '');

/** One name's page. `want` is told its source file. */
export function apiPage(name: ApiName, want: (file: string) => void): SitePage {
  const path = apiPath(name);
  const rewriteLink = (address: string): string => {
    const [other, anchor = ''] = address.split(/(?=#)/) as [string, string?];
    if (other.endsWith('.md')) return fromTo(path, placeOf(posix.join(posix.dirname(name.page), other))) + anchor;
    if (!address.startsWith(sourceMark)) return address;
    const [file, line = ''] = `lib/src/${address.slice(sourceMark.length)}`.split(/(?=#)/);
    want(file!);
    return fromTo(path, filePath(file!)) + line;
  };
  const where = `<a href="${fromTo(path, libraryPage)}">Library</a> › ${subjectTitle(name)} · ${name.kind}`;
  const html = markdownRenderer({ rewriteLink })
    .render(tidied(name.markdown))
    .replaceAll('<p>Defined in: ', '<p class="where">Source: ');
  return { title: name.name, html: `<p class="where">${where}</p>\n${html}` };
}

/**
 * TypeDoc's Markdown with a name for an argument that is taken apart where it is declared, one heading for all errors,
 * and no way to the source of what TypeScript itself declares.
 */
const tidied = (markdown: string): string =>
  markdown
    .replace(/^Defined in: \[\.\..*\n/gm, '')
    .replace(/(\\?_){2}namedParameters/g, 'options')
    .replace(
      /(\n#+ Throws\n)((?:(?!\n#)[^])*)(?:\n#+ Throws\n((?:(?!\n#)[^])*))+/g,
      (all, heading: string) => heading + all.replaceAll(heading, ''),
    );

const rank = ({ kind }: ApiName): number => ['class', 'function', 'variable'].indexOf(kind) + 1 || 9;

/** The page that lists all names. */
export function libraryContent(names: ApiName[]): string {
  const groups = new Map<string, ApiName[]>(Object.keys(subjects).map((subject) => [subject, []]));
  for (const name of names) groups.set(subjectOf(name), [...(groups.get(subjectOf(name)) ?? []), name]);
  const item = (name: ApiName): string =>
    `<li><a href="${fromTo(libraryPage, apiPath(name))}"><code>${name.name}</code></a> ` +
    `<span>${inline(firstSentence(name))}</span></li>`;
  const list = (members: ApiName[]): string => `<ul class="names">${members.map(item).join('\n')}</ul>`;
  const sections = [...groups.values()]
    .filter((members) => members.length)
    .map((members) => {
      const sorted = members.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
      const [values, types] = [sorted.filter((name) => rank(name) < 9), sorted.filter((name) => rank(name) === 9)];
      return (
        `<h2>${subjectTitle(members[0]!)}</h2>\n${list(values)}` +
        (types.length
          ? `\n<details class="types"><summary>${types.length} types</summary>${list(types)}</details>`
          : '')
      );
    });
  return `<h1>The library</h1>
<p>All that <code>import { ... } from 'descent-lab'</code> offers, by subject: a name with a dot is in a namespace, and
<code>import { losses } from 'descent-lab'</code> brings <code>losses.forceLoss</code> along. <code>tf</code> is TensorFlow.js 4.22 itself,
with its native library where that is installed.</p>
${sections.join('\n')}`;
}
