/* global document, localStorage, window */
// The switch that hides or shows all code at once; each cell can still be opened by itself.
(() => {
  // On paper hints are open, and as they were afterwards. What has a class is code, or a solution.
  const hints = () => document.querySelectorAll('main details:not([class]):not(.kernel *)');
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = [...hints()].filter(({ open }) => !open);
    for (const hint of opened) hint.open = true;
  });
  window.addEventListener('afterprint', () => opened.forEach((hint) => (hint.open = false)));

  const fold = document.querySelector('body > header #fold');
  if (!fold) return;
  const apply = () => document.querySelectorAll('details.code').forEach((cell) => (cell.open = !fold.checked));
  // Where a page may store nothing, the choice holds for the page alone.
  const stored = (use) => {
    try {
      return use(localStorage);
    } catch {
      return undefined;
    }
  };
  fold.addEventListener('change', () => {
    apply();
    stored((storage) => storage.setItem('fold', fold.checked));
  });
  fold.checked = stored((storage) => storage.getItem('fold')) === 'true';
  if (fold.checked) apply();
})();
