/* global redraw, darkened, document, matchMedia, window, CustomEvent, IntersectionObserver, ResizeObserver, setTimeout */
// Brings a chart to life when it comes near the screen, or when it is pressed: until then, and without this script, its
// still is there.
(() => {
  // Where nothing hovers, Plotly's buttons would always cover the title.
  const hovers = matchMedia('(hover: hover)').matches;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const scripts = new Map();
  const targets = new WeakMap(); // what Plotly has drawn into, by its figure
  const shown = new WeakMap(); // what is drawn there, in the palette's own colours
  const renewed = new WeakMap(); // what a reader's own run has made, by its figure
  const waiting = new Set(); // figures whose turn has not come
  let drawing = Promise.resolve();
  window.figures = {}; // Here, since an element of that id would be found there otherwise.

  function load(address) {
    if (!scripts.has(address))
      scripts.set(
        address,
        new Promise((resolve, reject) => {
          const element = document.createElement('script');
          element.src = address;
          element.onload = resolve;
          element.onerror = () => reject(new Error(`${element.src} is missing: the charts stay still`));
          document.head.append(element);
        }),
      );
    return scripts.get(address);
  }

  /** A chart's data: beside its still, or in a script of its own, which a page from a file can load where it cannot fetch. */
  async function dataOf(figure) {
    const { source, name } = figure.dataset;
    if (!source) return JSON.parse(figure.querySelector('script').textContent);
    await load(source);
    return window.figures[name];
  }

  const widthIn = (plot, layout) =>
    Math.min(layout.width ?? Infinity, Math.max(plot.clientWidth, window.narrowestChart(layout)));
  /** Buttons for single steps, which Plotly does not know: controls.js makes them. */
  const steps = [
    { label: '‹', name: 'back', method: 'skip' },
    { label: '›', name: 'forth', method: 'skip' },
  ];
  const withSteps = (menu) => ({ ...menu, buttons: [...menu.buttons, ...steps] });
  /** The chart as it is to be drawn in the width that there is, on the page's paper. */
  const fitted = (plot, payload) => {
    const inWidth = window.fitChart(payload, plot.clientWidth);
    const { data, layout, frames } = dark.matches ? darkened(inWidth) : inWidth;
    const { updatemenus, sliders, height = 450 } = layout;
    const stepped = updatemenus && sliders && { updatemenus: updatemenus.map(withSteps) };
    return { data, frames, layout: { ...layout, ...stepped, width: widthIn(plot, layout), height } };
  };

  async function enliven(figure) {
    const committed = renewed.has(figure) ? undefined : await dataOf(figure);
    return draw(figure, renewed.get(figure) ?? committed);
  }

  /** Draws one chart after the other, each as it is by then, and leaves the page a turn in between. */
  function drawInTurn(figure) {
    if (waiting.has(figure)) return;
    waiting.add(figure);
    drawing = drawing
      .then(() => new Promise((resolve) => setTimeout(resolve)))
      .then(() => waiting.delete(figure) && enliven(figure))
      .catch((error) => window.reportError(error));
  }

  /** Draws a live chart as it is now. */
  function react(figure, payload) {
    const live = targets.get(figure);
    shown.set(figure, payload);
    const { data, layout, frames } = fitted(live.parentElement, payload);
    live.style.height = `${layout.height}px`;
    live.setAttribute('aria-label', layout.meta?.description ?? '');
    return redraw(window.Plotly, live, { data, frames, layout });
  }

  const isInSpace = ({ type }) => /3d$|^surface$/.test(type);
  let webGL; // whether there is any; a context of it is a scarce thing
  function hasWebGL() {
    if (webGL !== undefined) return webGL;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return (webGL = Boolean(context));
  }

  const forgetStills = (figure) =>
    figure.querySelectorAll('.plot :is(picture, img)').forEach((still) => still.remove());

  /** Draws a chart in place of its still, or of what it was before. */
  async function draw(figure, payload) {
    const { updatemenus, meta } = payload.layout;
    const play = updatemenus?.[0]?.buttons[0];
    observer.unobserve(figure);
    await window.loadCharts();
    const { Plotly } = window;
    const plot = figure.querySelector('.plot');
    const still = plot.querySelector('img');
    const live = targets.get(figure);
    if (live) {
      await react(figure, payload);
      letReach();
      return { target: live, play };
    }
    // Charts in space need WebGL: without it the still says more than Plotly's sentence.
    if (still && !renewed.has(figure) && payload.data.some(isInSpace) && !hasWebGL()) return {};
    const target = document.createElement('div');
    target.setAttribute('role', 'group');
    target.setAttribute('aria-label', meta?.description ?? still?.alt ?? '');
    targets.set(figure, target);
    shown.set(figure, payload);
    const { data, layout, frames } = fitted(plot, payload);
    target.style.cssText = `width:max-content;height:${layout.height}px;margin:0 auto`;
    plot.prepend(target);
    await redraw(Plotly, target, {
      data,
      frames,
      layout,
      // Nothing of the chart's own: it could name a host to send the data to, as Plotly's share button would.
      config: { displaylogo: false, showSendToCloud: false, displayModeBar: hovers && 'hover' },
    });
    // What a reader has made has no still; paper shows the others, whatever a hand has turned or enlarged.
    if (renewed.has(figure)) forgetStills(figure);
    else if (still) still.loading = 'eager';
    figure.dataset.live = 'true';
    letReach();
    figure.dispatchEvent(new CustomEvent('live', { bubbles: true, detail: { target, Plotly } }));
    let last = plot.clientWidth;
    new ResizeObserver(() => {
      if (plot.clientWidth === last || plot.clientWidth === 0) return; // none while it is out of sight
      const now = shown.get(figure);
      const isNew = [last, plot.clientWidth].some((width) => window.fitChart(now, width) !== now);
      last = plot.clientWidth;
      if (isNew) react(figure, now);
      else Plotly.relayout(target, { width: widthIn(plot, now.layout) });
    }).observe(plot);
    return { target, play };
  }

  /** Draws the chart when its button is pressed, and plays it for a reader who has not asked for less motion. */
  async function press(figure, button) {
    button.disabled = true;
    button.textContent = 'Loading ...';
    const { target, play } = await enliven(figure);
    if (!target) return void (button.textContent = 'It moves where WebGL is');
    button.remove();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (play?.method !== 'animate' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    await window.Plotly.animate(target, ...play.args);
  }

  function waitForPress(figure) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'press';
    button.textContent = figure.dataset.press;
    const start = () => button.disabled || press(figure, button).catch((error) => error && window.reportError(error));
    button.addEventListener('click', start);
    figure.querySelector('.plot').addEventListener('click', start);
    figure.append(button);
  }

  /** Draws the chart when a hand comes near it, or near its controls. */
  function waitForTouch(figure) {
    const start = () => drawInTurn(figure);
    for (const event of ['pointerover', 'pointerdown', 'focusin'])
      figure.parentElement.addEventListener(event, start, { once: true });
  }

  // For what a reader runs: a chart out of sight is drawn when it comes near, so that running all does not stop the page.
  window.loadCharts = () => load(document.querySelector('main').dataset.plotly);
  /** What a reader has made counts from now on: a still would show another state. */
  function renew(figure, payload) {
    renewed.set(figure, payload);
    if (targets.has(figure)) forgetStills(figure);
  }
  window.drawChart = (figure, payload) => {
    renew(figure, payload);
    observer.unobserve(figure); // to be told anew
    observer.observe(figure);
  };

  window.redrawChart = (figure, payload) => {
    renew(figure, payload);
    return targets.has(figure) ? react(figure, payload) : window.drawChart(figure, payload);
  };

  dark.addEventListener('change', () => {
    for (const figure of document.querySelectorAll('figure.chart'))
      if (shown.has(figure)) react(figure, shown.get(figure)).catch((error) => window.reportError(error));
  });

  // Plotly rejects an animation that the reader breaks off, with no reason: that is no error.
  window.addEventListener('unhandledrejection', (event) => event.reason === undefined && event.preventDefault());

  // What scrolls sideways can be reached with the keyboard, and only that.
  const letReach = () =>
    document.querySelectorAll('pre, table, .formula, .plot, .output').forEach((element) => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      if (scrollWidth > clientWidth || scrollHeight > clientHeight) element.tabIndex = 0;
      else element.removeAttribute('tabindex');
    });
  letReach(); // an observer looks for the first time only after the page is painted, which may be late
  new ResizeObserver(letReach).observe(document.body);

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        drawInTurn(target);
      }
    },
    { rootMargin: '300px' },
  );
  for (const figure of document.querySelectorAll('figure.chart')) {
    if (figure.dataset.press) waitForPress(figure);
    else if ('touch' in figure.dataset) waitForTouch(figure);
    else observer.observe(figure);
  }
})();
