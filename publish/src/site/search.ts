// The search's index: made here, searched in the reader's browser by the same library.
import MiniSearch, { type Options } from 'minisearch';

/** Something that can be found. */
export interface Entry {
  title: string;
  /** What it is or where it stands, below its title. */
  where: string;
  /** From the site's root. */
  url: string;
  /** Its beginning is shown, all of it is searched. */
  text: string;
}

type Stored = Entry & { id: number; words: string };

/** The text of a piece of HTML, without formulae, outputs, and what only a program reads. */
export const textOfHtml = (html: string): string =>
  html
    .replace(/<(math|script|style|svg)\b[^]*?<\/\1>|<pre class="output">[^]*?<\/pre>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

/** A page's sections, each an entry: what stands below each of its headings down to level 3. */
export function sectionEntries(html: string, url: string, where: string): Entry[] {
  return html.split(/(?=<h[1-3] id=)/).flatMap((section) => {
    const heading = /^<h[1-3] id="([^"]*)">([^]*?)<\/h[1-3]>/.exec(section);
    if (!heading) return [];
    const [whole, id, title] = heading;
    return [{ title: textOfHtml(title!), where, url: `${url}#${id}`, text: textOfHtml(section.slice(whole.length)) }];
  });
}

/** How much of a text is kept to be shown. */
const excerptLength = 140;

const options: Options<Stored> = {
  fields: ['title', 'words', 'text'],
  storeFields: ['title', 'where', 'url', 'excerpt'],
  extractField: (entry, field) =>
    field === 'excerpt' ? entry.text.slice(0, excerptLength) : String(entry[field as keyof Stored]),
  searchOptions: { boost: { title: 6, words: 3 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
};

/** `minAngleLoss` is found as "angle" too. */
const wordsOf = (title: string): string => title.replace(/([a-z\d])([A-Z])/g, '$1 $2');

/** The index as a script: a page that is opened as a file may not fetch one. */
export function searchScript(entries: Entry[]): string {
  const index = new MiniSearch(options);
  index.addAll(entries.map((entry, id) => ({ ...entry, id, words: wordsOf(entry.title) })));
  const { fields, storeFields, searchOptions } = options;
  return `window.searchIndex = ${JSON.stringify({ options: { fields, storeFields, searchOptions }, index })};\n`;
}
