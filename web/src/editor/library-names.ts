// The library's names for the editor's completion, from an index that is loaded when it is first asked for.
import type { Completion } from '@codemirror/autocomplete';
import { loadScript } from '../page/scripts';

/** A name of the library or of TensorFlow. */
export interface LibraryName {
  name: string;
  kind: 'class' | 'function' | 'namespace' | 'type' | 'variable';
  signature: string;
  /** A sentence about it. */
  text: string;
}

declare global {
  interface Window {
    /** In assets/completions.js: the names by what stands before their dot. */
    libraryNames?: Record<string, LibraryName[]>;
  }
}

/** How long the kernel may take to say what it knows: while a cell computes, it does not answer. Milliseconds. */
const PATIENCE = 300;

/** The names behind an owner such as `tf.train`, or those of the library's door. None where the index cannot be had. */
async function namesOf(owner: string): Promise<readonly LibraryName[]> {
  const address = new URL(`${document.querySelector('main')!.dataset['assets']}completions.js`, document.baseURI);
  await loadScript(address.href).catch(() => undefined);
  return window.libraryNames?.[owner] ?? [];
}

/**
 * What may follow a text: what the kernel finds, told by the library where it is the library's; and where the kernel
 * finds nothing, since no cell has run, what the library has under that name.
 *
 * @param ask the kernel, for the names that may follow
 */
export async function optionsAfter(text: string, ask: (text: string) => Promise<string[]>): Promise<Completion[]> {
  const owner = /((?:[\w$]+\.)*)[\w$]*$/.exec(text)![1]!.replace(/\.$/, '');
  const patience = new Promise<string[]>((resolve) => setTimeout(() => resolve([]), PATIENCE));
  const [found, known] = await Promise.all([Promise.race([ask(text).catch(() => []), patience]), namesOf(owner)]);
  const there = new Map(found.map((name) => [name, undefined as LibraryName | undefined]));
  for (const one of known) {
    // a type is nothing that a kernel could find
    if (there.has(one.name) || found.length === 0 || one.kind === 'type') there.set(one.name, one);
  }
  return Array.from(there, ([label, told]) => ({
    label,
    ...(told && { type: told.kind, ...(told.signature + told.text !== '' && { info: () => describe(told) }) }),
  }));
}

function describe({ name, signature, text }: LibraryName): HTMLElement {
  const box = document.createElement('div');
  const code = document.createElement('code');
  code.textContent = `${name}${/^[(<]/.test(signature) ? '' : ': '}${signature}`;
  if (signature !== '') box.append(code);
  box.append(text);
  return box;
}
