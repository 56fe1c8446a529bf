/* global document, window, MiniSearch, URL */
// The search field: it loads its index when it is first used, and lists what it finds as links.
(() => {
  const root = new URL('../', document.currentScript.src).href;
  const [field, results] = ['search', 'results'].map((id) => document.getElementById(id));
  const [status, list] = [results.querySelector('[role=status]'), results.querySelector('ol')];
  const most = 12;
  let index;

  const load = (name) =>
    new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = `${root}assets/${name}`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} is missing: nothing can be searched`));
      document.head.append(script);
    });
  const engine = () =>
    (index ??= Promise.all([load('minisearch.js'), load('search-index.js')]).then(() => {
      const { options, index: saved } = window.searchIndex;
      return MiniSearch.loadJS(saved, options);
    }));

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  function item({ title, where, url, excerpt }) {
    const link = element('a', { href: root + url });
    link.append(
      element('b', { textContent: title }),
      element('span', { className: 'in', textContent: where }),
      element('span', { className: 'excerpt', textContent: excerpt }),
    );
    const entry = element('li', {});
    entry.append(link);
    return entry;
  }

  async function search() {
    const words = field.value.trim();
    const found = words ? (await engine()).search(words) : [];
    if (words !== field.value.trim()) return; // The reader has typed on.
    results.hidden = !words;
    status.textContent = found.length
      ? `${found.length} found${found.length > most ? `, the best ${most}:` : ''}`
      : `Nothing found for "${words}".`;
    list.replaceChildren(...found.slice(0, most).map(item));
  }

  function close() {
    results.hidden = true;
  }

  /** The arrows go from the field through the results and back. */
  function move(by) {
    const stops = [field, ...list.querySelectorAll('a')];
    stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + by))].focus();
  }

  const area = field.closest('search');
  area.hidden = false;
  field.addEventListener('focus', () => engine().catch((error) => window.reportError(error)));
  field.addEventListener('input', () => search().catch((error) => window.reportError(error)));
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
      field.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && event.target === field) {
      list.querySelector('a')?.click();
    }
  });
  field.addEventListener('focus', () => field.value.trim() && (results.hidden = false));
  area.addEventListener('focusout', ({ relatedTarget }) => relatedTarget && !area.contains(relatedTarget) && close());
  document.addEventListener('pointerdown', ({ target }) => area.contains(target) || close());
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea'))
      return;
    event.preventDefault();
    field.focus();
  });
})();
