import { redrawText } from './redraw';

/**
 * What draws a figure anew in JupyterLab, as anywidget takes it (https://anywidget.dev/en/afm/): it takes the output of the
 * chart below over, so that nothing moves and the saved notebook keeps a still. Plotly's script comes from the kernel, once a
 * page, since a notebook from the disk may load none.
 */
export const CHART_WIDGET = `
const redraw = ${redrawText};
let loading;
const plotly = (model) => (loading ??= globalThis.Plotly ? Promise.resolve(globalThis.Plotly) : new Promise((resolve) => {
  model.on('msg:custom', ({ plotly }) => {
    if (!plotly || globalThis.Plotly) return;
    const script = document.createElement('script');
    script.src = URL.createObjectURL(new Blob([plotly], { type: 'text/javascript' }));
    script.onload = () => resolve(globalThis.Plotly);
    document.head.append(script);
  });
  model.send({ need: 'plotly' });
}));

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
function pointIn(div, tell) {
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
  addEventListener('pointermove', (event) => held && at(event));
  addEventListener('pointerup', () => (held = false));
  addEventListener('pointercancel', () => (held = false));
}

function render({ model, el }) {
  const said = document.createElement('div');
  said.setAttribute('role', 'status');
  said.style.cssText = 'min-height: 1.5em; white-space: pre-wrap';
  el.append(said);
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
  let drawing = Promise.resolve();
  const show = () => (drawing = drawing.then(draw));
  const draw = async () => {
    if (!model.get('figure')) return;
    const isFirst = !drawn;
    drawn ??= chartBelow(el).then(start);
    const { Plotly, div } = await drawn;
    const { data, layout, frames, config } = structuredClone(model.get('figure'));
    if (model.get('points')) layout.dragmode = false;
    if (isFirst) await Plotly.newPlot(div, { data, layout, frames, config: { ...config, responsive: true } });
    else await redraw(Plotly, div, { data, layout, frames });
    if (isFirst && model.get('points')) {
      div.querySelector('.nsewdrag[data-subplot="xy"]').style.touchAction = 'none';
      pointIn(div, (point) => model.send({ point }));
    }
  };
  const say = () => (said.textContent = model.get('said'));
  model.on('change:figure', show);
  model.on('change:said', say);
  say();
  void plotly(model).then(show);
  return () => {
    model.off('change:figure', show);
    model.off('change:said', say);
  };
}
export default { render };
`;
