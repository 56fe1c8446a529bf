/* global Reveal, document */
// Shows the slides. Keys and fingers on a chart are the chart's.
(() => {
  const inChart = (element) => Boolean(element?.closest('figure.chart'));
  for (const figure of document.querySelectorAll('figure.chart')) figure.dataset.preventSwipe = '';
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: true,
    slideNumber: 'c/t',
    transition: 'none',
    viewDistance: 2,
    keyboardCondition: () => !inChart(document.activeElement),
  });
})();
