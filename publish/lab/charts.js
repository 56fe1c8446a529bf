/* global darkened, document, window, structuredClone, IntersectionObserver, MutationObserver */
// Charts in JupyterLab, as on the site: in the colours of its theme, laid out for a narrow window, stills at the size of the
// chart that takes their place. It changes what JupyterLab's Plotly extension does, through what that shows to JupyterLab.
// eslint-disable-next-line no-unused-vars -- what the extension's entry calls
async function mendCharts(plotly) {
  const { RenderedPlotly, MIME_TYPE } = (await plotly.get('./mimeExtension'))();
  const { prototype } = RenderedPlotly;
  const { createGraph, renderModel } = prototype;
  const isDark = () => document.body.dataset.jpThemeLight === 'false';
  const shown = new Set();

  // An output keeps its still: the extension would draw each chart once more, for a picture to put in its place.
  void RenderedPlotly.loadingPlotly.then(() => {
    RenderedPlotly.Plotly = { ...RenderedPlotly.Plotly, toImage: () => new Promise(() => undefined) };
  });

  // Nor is it drawn anew before it is fitted to its place, which draws it anew.
  prototype.onUpdateRequest = function () {
    if (this.isVisible && this.hasGraphElement()) void RenderedPlotly.Plotly?.Plots.resize(this.node);
  };

  /** What is drawn of an output. */
  function asDrawn({ data }, { offsetWidth }) {
    const { config, ...payload } = structuredClone(data[MIME_TYPE]);
    const fitted = window.fitChart(payload, offsetWidth || Infinity);
    const drawn = { ...(isDark() ? darkened(fitted) : fitted), config };
    return { data: { ...data, [MIME_TYPE]: drawn } };
  }
  prototype.createGraph = function (model) {
    return createGraph.call(this, asDrawn(model, this.node));
  };

  /** A still is of the light theme: in the dark one its chart is drawn when it comes into view. */
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const chart = [...shown].find(({ node }) => node === target);
      if (isDark() && chart && !chart.hasGraphElement()) chart.createGraph(chart._model);
    }
  });
  prototype.renderModel = async function (model) {
    await renderModel.call(this, model);
    for (const chart of shown) if (chart.isDisposed) shown.delete(chart);
    shown.add(this);
    const { layout } = model.data[MIME_TYPE];
    this._img_el.style.width = `${layout.width ?? 720}px`;
    this._img_el.alt = layout.meta?.description ?? '';
    if (isDark()) near.observe(this.node);
  };
  new MutationObserver(() => {
    for (const chart of shown) {
      if (chart.isDisposed) continue;
      // What an `interact` draws in the place of a chart follows the theme by itself.
      if (chart.node.classList.contains('js-plotly-plot')) chart.createGraph(chart._model);
      else if (isDark()) near.observe(chart.node);
    }
  }).observe(document.body, { attributeFilter: ['data-jp-theme-light'] });

  const style = document.createElement('style');
  // Plotly's own colour of a button under the mouse is a light one.
  style.textContent =
    '[data-jp-theme-light="false"] .updatemenu-item-rect { fill: #363c44 !important } ' +
    '[data-jp-theme-light="false"] .updatemenu-button:hover .updatemenu-item-rect { fill: #14171b !important }';
  document.head.append(style);
}
