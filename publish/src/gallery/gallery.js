/* global document, matchMedia, window, CustomEvent, EventSource, IntersectionObserver, ResizeObserver */
// Shows what the server tells: a card for each figure, drawn when it comes near the screen.
(() => {
  const [cards, filter, summary] = ['cards', 'filter', 'summary'].map((id) => document.getElementById(id));
  /** What stands on the page, by the figures' ids: `{ card, element }`. */
  const views = new Map();

  /** A new element. Its content is text or elements, never HTML. */
  function create(tag, className, ...content) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content.filter(Boolean));
    return element;
  }

  const differs = ({ error, now }) => Boolean(error || now);

  // Plots: a chart keeps its height from the start, so that nothing moves when it is drawn.
  const widthIn = (plot, { width = Infinity, xaxis2, scene2 }) =>
    Math.min(width, Math.max(plot.clientWidth, xaxis2 || scene2 ? 520 : 300));

  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => document.querySelectorAll('.plot:has(.js-plotly-plot)').forEach(draw));

  async function draw(plot) {
    const { data, layout, frames } = dark.matches ? window.darkened(plot.payload) : plot.payload;
    const target = create('div', '');
    target.setAttribute('role', 'group');
    target.setAttribute('aria-label', layout.meta?.description ?? '');
    plot.replaceChildren(target);
    const { Plotly } = window;
    await Plotly.newPlot(target, {
      data,
      frames,
      layout: { ...layout, width: widthIn(plot, layout) },
      config: { displaylogo: false, showSendToCloud: false, displayModeBar: false },
    });
    plot.dispatchEvent(new CustomEvent('live', { bubbles: true, detail: { target, Plotly } }));
    new ResizeObserver(() => {
      if (target.isConnected) Plotly.relayout(target, { width: widthIn(plot, layout) });
    }).observe(plot);
  }

  const approach = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        approach.unobserve(target);
        draw(target).catch(({ message }) => target.replaceChildren(create('pre', 'error', message)));
      }
    },
    { rootMargin: '400px' },
  );

  function plotOf(payload) {
    const plot = create('div', 'plot');
    plot.payload = payload;
    plot.style.height = `${payload.layout.height ?? 450}px`;
    approach.observe(plot);
    return plot;
  }

  const form = (caption, content) => create('figure', '', create('figcaption', '', caption), content);

  function formsOf({ committed, now, error }) {
    if (!now && !error) return [create('figure', '', plotOf(committed))];
    return [
      committed ? form('Committed', plotOf(committed)) : undefined,
      form('Now', error ? create('pre', 'error', error) : plotOf(now)),
    ];
  }

  const SHOWN = 12;

  function fill(element, card) {
    const { name, notebook, cell, maker, source, files, call, origin, differences, committed, isMade } = card;
    element.dataset.name = name;
    element.className = differs(card) ? 'differs' : '';
    element.querySelector('h2').textContent = name;
    element
      .querySelector('.origin')
      .replaceChildren(
        create('code', '', maker),
        isMade ? ` in ${source ?? 'the notebook itself'}` : ', not made yet',
        create('br', ''),
        `${notebook}, cell ${cell}${files.length ? `, from ${files.join(', ')}` : ''}`,
      );
    element.querySelector('.forms').replaceChildren(...formsOf(card).filter(Boolean));
    element.querySelector('.code pre').textContent = `${origin}${origin && '\n\n'}${call}`;
    const list = element.querySelector('.differences');
    const places = committed ? differences : ['it is not in the notebook yet: npm run figures puts it there'];
    list.hidden = !card.now;
    list.querySelector('summary').textContent = places.length === 1 ? '1 difference' : `${places.length} differences`;
    const more = places.length > SHOWN ? [create('li', '', `and ${places.length - SHOWN} more`)] : [];
    list
      .querySelector('ul')
      .replaceChildren(...places.slice(0, SHOWN).map((place) => create('li', '', create('code', '', place))), ...more);
  }

  // Those that differ come first, but what is being looked at stays where it is.
  const isBefore = (a, b) =>
    differs(a.card) === differs(b.card) ? a.card.order < b.card.order : differs(a.card) && !differs(b.card);

  function isOnScreen(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return element.isConnected && bottom > 0 && top < window.innerHeight;
  }

  function place(view) {
    if (window.scrollY > 0 && isOnScreen(view.element)) return;
    const next = [...cards.children].find(({ id }) => id !== view.card.id && isBefore(view, views.get(id)));
    cards.insertBefore(view.element, next ?? null);
  }

  /** Changes the page around what is being looked at. */
  function around(change) {
    const topOf = (element) => element.getBoundingClientRect().top;
    const away = (element) => Math.abs(topOf(element) - window.innerHeight / 4);
    const [looked] = window.scrollY > 0 ? [...cards.children].sort((a, b) => away(a) - away(b)) : [];
    const before = looked && topOf(looked);
    change();
    if (looked?.isConnected) window.scrollBy(0, topOf(looked) - before);
  }

  function applyFilter() {
    const wanted = filter.value.trim().toLowerCase();
    for (const { card, element } of views.values()) {
      const text = [card.name, card.notebook, card.maker, card.source, ...card.files].join(' ').toLowerCase();
      element.hidden = !text.includes(wanted);
    }
  }

  function summarise() {
    const changed = [...views.values()].filter(({ card }) => differs(card));
    const links = changed.flatMap(({ card }) => {
      const link = create('a', '', card.name);
      link.href = `#${card.id}`;
      return [', ', link];
    });
    const verb = changed.length === 1 ? 'differs from its' : 'differ from their';
    const text = changed.length ? `${changed.length} ${verb} committed form: ` : 'all as committed';
    summary.replaceChildren(`${views.size} figures, ${text}`, ...links.slice(1));
    document.title = `${changed.length ? `(${changed.length}) ` : ''}Figures · descent-lab`;
  }

  function showCard(card) {
    const view = views.get(card.id) ?? {
      element: document.getElementById('card').content.firstElementChild.cloneNode(true),
    };
    if (JSON.stringify(view.card) === JSON.stringify(card)) return;
    view.card = card;
    view.element.id = card.id;
    views.set(card.id, view);
    around(() => {
      fill(view.element, card);
      place(view);
      applyFilter();
    });
  }

  const states = { waiting: 'waits', running: 'runs', ready: 'ready', failed: 'failed' };

  function showRooms({ rooms, problem }) {
    const items = rooms.map(({ notebook, state, text }) => {
      const item = create('li', state, create('b', '', notebook), ` ${states[state]}${text && `, ${text}`}`);
      return item;
    });
    document.getElementById('rooms').replaceChildren(...items);
    const element = document.getElementById('problem');
    element.hidden = !problem;
    element.textContent = problem ?? '';
  }

  filter.addEventListener('input', applyFilter);
  const news = new EventSource('/news');
  news.addEventListener('message', ({ data }) => {
    const { card, gone, ...rest } = JSON.parse(data);
    if (card) showCard(card);
    else if (gone) {
      views.get(gone)?.element.remove();
      views.delete(gone);
    } else showRooms(rest);
    summarise();
  });
  news.addEventListener('error', () => (summary.textContent = '“npm run dev” has ended: start it again to go on.'));
})();
