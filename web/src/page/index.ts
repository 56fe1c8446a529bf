// The page's script, loaded at the first press of one of its buttons.
import type { Shipped } from './files';
import { Notebook } from './notebook';
import { Playground } from './playground';
import { Edits } from './storage';

declare global {
  interface Window {
    /** What hears of the page's buttons. */
    startNotebook?: () => Notebook | Promise<Playground>;
  }
}
/** The files that the site ships, put in where this script is built. */
declare const SHIPPED: readonly Shipped[];

const main = document.querySelector('main')!;
const isOwn = main.dataset['own'] !== undefined;
const started = isOwn ? Playground.open(main, SHIPPED) : new Notebook(main, SHIPPED, new Edits());
window.startNotebook = () => started;
