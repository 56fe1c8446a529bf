// Writing in a cell: CodeMirror where it helps, a plain text area where it does not or cannot be had.
import { loadScript } from './scripts';

/** A cell's source, open for writing. */
export interface Editor {
  focus: () => void;
  goTo: (line: number) => void;
  /** Takes it away; the code that it stood in place of is there again. */
  close: () => void;
}

/** What an editor tells and asks. */
export interface EditorOptions {
  label: string;
  change: (text: string) => void;
  run: () => void;
  runAndGoOn: () => void;
  complete: (text: string) => Promise<string[]>;
}

declare global {
  interface Window {
    /** In assets/editor.js. */
    openCodeMirror?: (place: HTMLElement, text: string, options: EditorOptions) => Editor;
  }
}

/** Where a finger types, an editor fights with the keyboard of the system. */
const isTouched = (): boolean => matchMedia('(pointer: coarse)').matches;

/** Opens an editor in place of the code. */
export async function openEditor(code: HTMLElement, text: string, options: EditorOptions): Promise<Editor> {
  const place = document.createElement('div');
  place.className = 'editor';
  if (!isTouched() && !window.openCodeMirror) {
    const address = new URL(`${document.querySelector('main')!.dataset['assets']}editor.js`, document.baseURI);
    await loadScript(address.href).catch(() => undefined); // then the plain one
  }
  code.hidden = true;
  code.after(place);
  const open = isTouched() || !window.openCodeMirror ? openTextArea : window.openCodeMirror;
  const editor = open(place, text, options);
  return {
    ...editor,
    close: () => {
      editor.close();
      place.remove();
      code.hidden = false;
    },
  };
}

function openTextArea(place: HTMLElement, text: string, { label, change, run, runAndGoOn }: EditorOptions): Editor {
  const area = document.createElement('textarea');
  area.value = text;
  area.spellcheck = false;
  area.autocapitalize = 'off';
  area.setAttribute('aria-label', label);
  const fit = (): void => {
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener('input', () => {
    fit();
    change(area.value);
  });
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (event.shiftKey) runAndGoOn();
    else run();
  });
  place.append(area);
  fit();
  return {
    focus: () => area.focus(),
    goTo: (line) => {
      const start = text.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0); // prettier-ignore
      area.focus();
      area.setSelectionRange(start, start);
    },
    close: () => undefined,
  };
}
