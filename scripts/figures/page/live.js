/* global document, matchMedia, window, IntersectionObserver, ResizeObserver */
// Brings a chart to life when it comes near the screen: until then, and without this script, its still is there.
(() => {
  // Narrower than this a chart cannot be read, less so one of several panels: it scrolls sideways instead.
  const narrowest = ({ xaxis2, scene2 }) => (xaxis2 || scene2 ? 520 : 300);
  // Where nothing hovers, Plotly's buttons would always cover the title.
  const hovers = matchMedia('(hover: hover)').matches;
  let script;

  function charts() {
    script ??= new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = document.documentElement.dataset.plotly;
      element.onload = () => resolve(window.Plotly);
      element.onerror = () => reject(new Error(`${element.src} is missing: the charts stay still`));
      document.head.append(element);
    });
    return script;
  }

  const widthIn = (plot, layout) => Math.min(layout.width ?? Infinity, Math.max(plot.clientWidth, narrowest(layout)));

  async function enliven(figure) {
    const plot = figure.querySelector('.plot');
    const still = plot.querySelector('img');
    const { data, layout, frames, config } = JSON.parse(figure.querySelector('script').textContent);
    const Plotly = await charts();
    const target = document.createElement('div');
    target.setAttribute('role', 'group');
    target.setAttribute('aria-label', still?.alt ?? '');
    const height = layout.height ?? 450;
    target.style.cssText = `width:max-content;height:${height}px;margin:0 auto`;
    plot.prepend(target);
    await Plotly.newPlot(target, {
      data, frames, layout: { ...layout, width: widthIn(plot, layout), height },
      // Plotly's share button would send the data to another host.
      config: { ...config, displaylogo: false, showSendToCloud: false, displayModeBar: hovers && 'hover' },
    });
    still?.remove();
    figure.dataset.live = 'true';
    let last = plot.clientWidth;
    new ResizeObserver(() => {
      if (plot.clientWidth === last) return;
      last = plot.clientWidth;
      Plotly.relayout(target, { width: widthIn(plot, layout) });
    }).observe(plot);
  }

  // What scrolls sideways can be reached with the keyboard, and only that.
  const scrollable = document.querySelectorAll('pre, table, .formula, .plot, .output');
  new ResizeObserver(() => scrollable.forEach((element) => {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  })).observe(document.body);

  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      enliven(target).catch((error) => window.reportError(error));
    }
  }, { rootMargin: '300px' });
  document.querySelectorAll('figure.chart').forEach((figure) => observer.observe(figure));
})();
