import { darkenedText } from '../figures/chart/dark';
import { redrawText } from './redraw';

/**
 * What draws a figure anew in JupyterLab, as anywidget takes it (https://anywidget.dev/en/afm/): it takes the output of the
 * chart below over, so that nothing moves and the saved notebook keeps a still. Plotly's script comes from the kernel, once a
 * page, since a notebook from the disk may load none.
 */
export const CHART_WIDGET = `
const redraw = ${redrawText};
const darkened = ${darkenedText};
const isDark = () => document.body.dataset.jpThemeLight === 'false';
let loading;
/** Each asks: what another has asked for may never come, where its cell runs again. */
const plotly = (model) => new Promise((resolve) => {
  if (globalThis.Plotly) return resolve(globalThis.Plotly);
  model.on('msg:custom', ({ plotly }) => {
    if (!plotly) return;
    loading ??= new Promise((loaded) => {
      const script = document.createElement('script');
      script.src = URL.createObjectURL(new Blob([plotly], { type: 'text/javascript' }));
      script.onload = () => loaded(globalThis.Plotly);
      document.head.append(script);
    });
    loading.then(resolve);
  });
  model.send({ need: 'plotly' });
});

/** The chart's own output, right below the controls'. */
async function chartBelow(el) {
  for (let tries = 0; tries < 50; tries++) {
    const chart = el.closest('.jp-OutputArea-child')?.nextElementSibling?.querySelector('.jp-RenderedPlotly');
    if (chart) return chart;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** Tells where in the first panel a reader presses, or drags to. */
function pointIn(div, tell, signal) {
  const area = () => div.querySelector('.nsewdrag[data-subplot="xy"]');
  let held = false;
  const at = ({ clientX, clientY }) => {
    const box = area().getBoundingClientRect();
    const { xaxis, yaxis } = div._fullLayout;
    tell([xaxis.p2d(clientX - box.left), yaxis.p2d(clientY - box.top)]);
  };
  div.addEventListener('pointerdown', (event) => {
    if (event.target !== area()) return;
    held = true;
    at(event);
  }, true);
  addEventListener('pointermove', (event) => held && at(event), { signal });
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => (held = false), { signal });
}

function render({ model, el }) {
  const said = document.createElement('div');
  said.setAttribute('role', 'status');
  said.style.cssText = 'min-height: 1.5em; white-space: pre-wrap';
  el.append(said);
  const ended = new AbortController();
  let drawn;
  const start = async (host) => {
    const Plotly = await plotly(model);
    const div = document.createElement('div');
    div.className = 'plot-container'; // by it JupyterLab's own renderer knows that it has nothing to do
    if (host) {
      for (const child of host.children) child.style.display = 'none';
      host.append(div);
    } else el.append(div);
    return { Plotly, div };
  };
  const draw = async () => {
    if (!model.get('figure')) return;
    const { Plotly, div } = await (drawn ??= chartBelow(el).then(start));
    const { config, ...figure } = structuredClone(model.get('figure'));
    const { data, layout, frames } = isDark() ? darkened(figure) : figure;
    if (model.get('points')) layout.dragmode = false;
    await redraw(Plotly, div, { data, layout, frames, config: { ...config, responsive: true } });
    const area = div.querySelector('.nsewdrag[data-subplot="xy"]');
    if (!model.get('points') || div.dataset.points || !area) return;
    div.dataset.points = 'true';
    area.style.touchAction = 'none';
    pointIn(div, (point) => model.send({ point }), ended.signal);
  };
  const show = () => draw().catch((error) => (said.textContent = String(error?.message ?? error)));
  const say = () => (said.textContent = model.get('said'));
  model.on('change:figure', show);
  model.on('change:said', say);
  const theme = new MutationObserver(show);
  theme.observe(document.body, { attributeFilter: ['data-jp-theme-light'] });
  say();
  void plotly(model).then(show);
  return () => {
    ended.abort();
    theme.disconnect();
    model.off('change:figure', show);
    model.off('change:said', say);
  };
}
export default { render };
`;
