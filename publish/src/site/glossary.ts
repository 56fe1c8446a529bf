// The glossary's terms: each has a place in its page, and the first mention in a notebook leads there.
import { join } from 'node:path';
import { escapeHtml } from 'descent-lab/internal';
import { readIfThere } from '../notebooks/files';

/** Where it is in the project. */
export const GLOSSARY = 'docs/glossary.md';

/** A term, by its name in small letters. */
export type Glossary = ReadonlyMap<string, { id: string; means: string }>;

const idOf = (term: string): string => term.replace(/[^a-z\d]+/gi, '-').toLowerCase();

/** Reads the glossary's table; a project without one has no terms. */
export function readGlossary(root: string): Glossary {
  const text = readIfThere(join(root, GLOSSARY))?.toString() ?? '';
  return new Map(
    [...text.matchAll(/^\| \*\*(.+?)\*\* +\| (.*?) +\|/gm)].map(([, term, means]) => [
      term!.toLowerCase(),
      { id: idOf(term!), means: means!.replaceAll('**', '') },
    ]),
  );
}

/** The glossary's page, with a place for each term. */
export const withPlaces = (html: string): string =>
  html.replace(/<td>(<strong>(.+?)<\/strong><\/td>)/g, (_, rest: string, term: string) => `<td id="${idOf(term)}">${rest}`); // prettier-ignore

/** Makes the first bold mention of each term a link to it; `page` is the address of the glossary's page. */
export function linkTerms(html: string, glossary: Glossary, page: string): string {
  const seen = new Set<string>();
  return html.replace(/(<a [^>]*>)?<strong>([^<]+)<\/strong>/g, (whole, link: string | undefined, text: string) => {
    const name = text.toLowerCase();
    const term = glossary.get(name) ?? glossary.get(name.replace(/s$/, ''));
    if (link || !term || seen.has(term.id)) return whole;
    seen.add(term.id);
    return `<a class="term" href="${page}#${term.id}" title="${escapeHtml(term.means)}">${whole}</a>`;
  });
}
