/* global document, matchMedia, window */
// What helps to read: hints on paper, and the list of sections beside the text.
(() => {
  // On paper hints are open, and as they were afterwards. What has a class is code, or a solution.
  const hints = () => document.querySelectorAll('main details:not([class]):not(.kernel *)');
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = [...hints()].filter(({ open }) => !open);
    for (const hint of opened) hint.open = true;
  });
  window.addEventListener('afterprint', () => opened.forEach((hint) => (hint.open = false)));

  // The sections are open where they stand beside the text, and the one that is read is marked.
  const sections = document.querySelector('details.contents');
  if (sections) {
    const wide = matchMedia('(min-width: 1200px)');
    const fit = () => (sections.open = wide.matches);
    wide.addEventListener('change', fit);
    fit();
    const links = [...sections.querySelectorAll('a')];
    const mark = () => {
      const begun = ({ hash }) =>
        document.getElementById(decodeURIComponent(hash.slice(1))).getBoundingClientRect().top < 160;
      const current = links.findLast(begun);
      for (const link of links) link.ariaCurrent = link === current ? 'location' : null;
    };
    document.addEventListener('scroll', mark, { passive: true });
    mark();
  }
})();
