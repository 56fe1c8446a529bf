// The page's script, loaded at the first press of one of its buttons.
import type { Shipped } from './files';
import { Notebook } from './notebook';

declare global {
  interface Window {
    /** The files that the site ships, put in where this script is built. */
    startNotebook?: () => Notebook;
  }
}
declare const SHIPPED: readonly Shipped[];

const main = document.querySelector('main')!;
const notebook = new Notebook(main, SHIPPED);
window.startNotebook = () => notebook;
