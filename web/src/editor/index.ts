// The editor of cells, a script of its own: CodeMirror with TypeScript's colours and the library's names.
import {
  autocompletion,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Editor, EditorOptions } from '../page/edit';
import { optionsAfter } from './library-names';

/** The colours of the page's own listings, light and dark. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, class: 'hljs-keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: 'hljs-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'hljs-number' },
  { tag: tags.comment, class: 'hljs-comment' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'hljs-title' },
  { tag: [tags.typeName, tags.className], class: 'hljs-type' },
  { tag: tags.propertyName, class: 'hljs-property' },
]);

/** As large, and in the same place, as the listing that it stands in for; light and dark as the page. */
const look = EditorView.theme({
  '&.cm-focused': { outline: '2px solid var(--link)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit' },
  '.cm-content': { padding: '0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0' },
  '.cm-tooltip': { color: 'var(--text)', backgroundColor: 'var(--ground)', border: '1px solid var(--muted)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--ground)',
    backgroundColor: 'var(--link)',
  },
  '.cm-completionInfo': { maxWidth: '26rem', whiteSpace: 'normal' },
  '.cm-completionInfo code': { display: 'block', overflowWrap: 'anywhere' },
});

const names =
  (complete: EditorOptions['complete']) =>
  async ({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> => {
    const text = state.sliceDoc(Math.max(0, pos - 200), pos);
    const begun = /[\p{L}\p{N}_$]*$/u.exec(text)![0];
    if (!explicit && begun === '' && !text.endsWith('.')) return null;
    const options = await optionsAfter(text, complete);
    return { from: pos - begun.length, options, validFor: /^[\p{L}\p{N}_$]*$/u };
  };

window.openCodeMirror = (place: HTMLElement, text: string, options: EditorOptions): Editor => {
  const press = (work: () => void) => () => {
    work();
    return true;
  };
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        indentOnInput(),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        look,
        autocompletion({ override: [names(options.complete)], activateOnTyping: true }),
        // Tab leaves the editor, as everywhere on the page
        keymap.of([
          { key: 'Shift-Enter', run: press(options.runAndGoOn) },
          { key: 'Mod-Enter', run: press(options.run) },
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => update.docChanged && options.change(update.state.doc.toString())),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    goTo: (line) => {
      const { from } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
};
