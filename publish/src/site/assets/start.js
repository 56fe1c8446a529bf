/* global document, localStorage, location, window */
// Loads what runs cells at the first press of one of its buttons, and not before.
(() => {
  const bar = document.querySelector('.kernel');
  if (!bar) return;
  const status = bar.querySelector('[data-part="status"]');
  let loading;
  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = document.querySelector('main').dataset.notebook;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
      document.head.append(script);
    }).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }
  async function press(element) {
    try {
      await load();
      (await window.startNotebook()).press(element.dataset.action, element);
    } catch (error) {
      status.textContent = error.message;
    }
  }
  document.addEventListener('click', ({ target }) => {
    const element = target.closest?.('[data-action]');
    if (element) void press(element);
  });
  // A dial that is moved, or a chart that is pressed where its point is to be, before there is anything to hear of it.
  async function wake(cell, tell) {
    if (window.startNotebook) return;
    try {
      await load();
      tell((await window.startNotebook()).outputsOf(cell));
    } catch (error) {
      status.textContent = error.message;
    }
  }
  document.addEventListener('input', ({ target }) => {
    const panel = target.closest?.('.panel');
    if (panel) void wake(panel.closest('.cell'), (outputs) => outputs.moved(panel));
  });
  document.addEventListener(
    'pointerdown',
    (event) => {
      const figure = event.target.closest?.('.cell figure.chart');
      if (!figure) return;
      const tell = () => wake(figure.closest('.cell'), (outputs) => outputs.pressed(figure, event));
      if (event.target.matches('.nsewdrag[data-subplot="xy"]')) void tell();
      // the still stands where the chart will: what is pressed there is meant
      else if ('touch' in figure.dataset && !figure.dataset.live) figure.addEventListener('live', tell, { once: true });
    },
    true,
  );
  document.body.dataset.runs = 'true'; // shows the buttons, which without this script would do nothing
  // What was written at an earlier visit is shown again, and so are the cells that a link carries.
  let isOther = location.hash.startsWith('#cells=');
  try {
    isOther ||= localStorage.getItem(`descent-lab:${location.pathname}`) !== null;
  } catch {
    // a browser that keeps nothing
  }
  if (isOther) load().catch((error) => (status.textContent = error.message));
})();
