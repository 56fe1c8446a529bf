/* global document, localStorage */
// The switch that hides or shows all code at once; each cell can still be opened by itself.
(() => {
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
