// The one door for HTML that somebody else wrote: raw HTML in Markdown, and what a cell shows as HTML.
import sanitizeHtml from 'sanitize-html';

const tags = `h1 h2 h3 h4 h5 h6 p div section article aside blockquote center hr br wbr pre code kbd samp var tt
  a abbr b bdi bdo big cite del dfn em i ins mark q rp rt ruby s small span strike strong sub sup time u
  ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td
  figure figcaption img details summary`.split(/\s+/);

/** No brackets: a value is a word or a size, never an address. */
const value = [/^[\w#.% -]+$/];

/** Where a piece of ours stands among the foreign ones. No element of HTML, so nothing else is put in its place. */
const place = (i: number): string => `<our-html i="${i}"></our-html>`;

/**
 * Pieces of HTML that are safe already: formulae, which MathML would make hard to tell from what is not. Each stands at
 * its `place` while all around it is made safe. A forged place can only repeat one of them.
 */
export class OurHtml {
  private readonly pieces: string[] = [];

  /** Takes a piece in. Returns its place. */
  add(html: string): string {
    return place(this.pieces.push(html) - 1);
  }

  /** Untrusted HTML made safe, with the pieces put in their places. */
  within(html: string): string {
    return sanitizeHtml(html, options).replace(
      /<our-html i="(\d+)"><\/our-html>/g,
      (_, i: string) => this.pieces[Number(i)] ?? '',
    );
  }
}

/**
 * What is let through runs nothing, asks no other host for anything, lies over nothing, and cannot be taken for a part of
 * the page that its scripts work with: those are found by their classes, and by names.
 */
const options: sanitizeHtml.IOptions = {
  allowedTags: [...tags, 'our-html'],
  allowedAttributes: {
    '*': ['id', 'title', 'lang', 'dir', 'align', 'style'],
    a: ['href'],
    img: ['src', 'alt', 'width', 'height'],
    details: ['open'],
    ol: ['start', 'reversed', 'type'],
    table: ['border'],
    col: ['span'],
    colgroup: ['span'],
    th: ['colspan', 'rowspan', 'scope'],
    td: ['colspan', 'rowspan'],
    'our-html': ['i'],
  },
  allowedClasses: { code: ['language-*'], span: ['hljs-*'] },
  allowedStyles: {
    '*': {
      'text-align': value,
      'vertical-align': value,
      color: value,
      'background-color': value,
      'font-weight': value,
      'font-style': value,
    },
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] }, // A picture of another host would tell it who reads the page.
  allowProtocolRelative: false,
};

/** Untrusted HTML made safe. */
export const safeHtml = (html: string): string => new OurHtml().within(html);
