const ALLOWED = new Set('table caption thead tbody tfoot tr th td p div span b strong i em code pre br ul ol li sub sup'.split(' ')); // prettier-ignore
const ATTRIBUTES = new Set(['scope', 'colspan', 'rowspan']);

/**
 * What a cell shows as HTML: its tables and texts. A cell may have come with a link, so nothing in it runs, loads or
 * leads elsewhere.
 */
export function safeHtml(html: string): DocumentFragment {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of [...body.querySelectorAll('*')]) {
    if (!ALLOWED.has(element.localName)) {
      // what is in a style or a script is no text
      if (['style', 'script', 'template'].includes(element.localName)) element.remove();
      else element.replaceWith(...element.childNodes);
      continue;
    }
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}
