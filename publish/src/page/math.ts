// $...$ and $$...$$ in Markdown as Jupyter reads them, to MathML: browsers draw it with no font and no script of ours.
import katex from 'katex';
import type MarkdownIt from 'markdown-it';

/** Formulae that KaTeX does not understand throw, with the formula in the message. */
function formula(tex: string, displayMode: boolean): string {
  try {
    return katex.renderToString(tex, { displayMode, output: 'mathml', strict: 'ignore' });
  } catch (error) {
    throw new Error(`the formula ${tex.trim()} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Where the formula from `start` ends: at no escaped dollar and, inline, neither after a blank nor before a digit. */
function closing(text: string, start: number, mark: '$' | '$$'): number {
  for (let end = text.indexOf(mark, start); end >= 0; end = text.indexOf(mark, end + 1)) {
    if (text[end - 1] === '\\') continue;
    if (mark === '$$' || (/\S/.test(text[end - 1]!) && !/\d/.test(text[end + 1] ?? ''))) return end;
  }
  return -1;
}

/** A markdown-it plugin. `keep` takes a formula's HTML and returns what stands for it until the page is put together. */
export function math(markdown: MarkdownIt.MarkdownIt, keep: (html: string) => string): void {
  markdown.inline.ruler.after('escape', 'math', (state, silent) => {
    if (state.src[state.pos] !== '$') return false;
    const mark = state.src.startsWith('$$', state.pos) ? '$$' : '$';
    const start = state.pos + mark.length;
    if (mark === '$' && /^\s?$/.test(state.src[start] ?? '')) return false;
    const end = closing(state.src, start, mark);
    if (end <= start) return false;
    // A full stop behind a formula does not begin a line.
    const after = mark === '$' ? /^[.,;:!?)]*/.exec(state.src.slice(end + 1))![0] : '';
    if (!silent) {
      const token = state.push(mark === '$$' ? 'math_block' : 'math_inline', '', 0);
      token.content = state.src.slice(start, end);
      token.markup = after;
    }
    state.pos = end + mark.length + after.length;
    return true;
  });
  // As a block of its own, so that a line of it that starts with + or - is not taken for a list.
  markdown.block.ruler.before(
    'fence',
    'math_block',
    (state, startLine, endLine, silent) => {
      const text = state.getLines(startLine, endLine, state.blkIndent, false);
      if (!text.trimStart().startsWith('$$')) return false;
      const start = text.indexOf('$$') + 2;
      const end = closing(text, start, '$$');
      if (
        end < 0 ||
        text
          .slice(end + 2)
          .split('\n')[0]!
          .trim() !== ''
      )
        return false;
      if (silent) return true;
      const token = state.push('math_block', '', 0);
      token.content = text.slice(start, end);
      token.block = true;
      state.line = startLine + text.slice(0, end).split('\n').length;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
  markdown.renderer.rules.math_inline = (tokens, i) => {
    const { content, markup } = tokens[i]!;
    return keep(markup ? `<span class="whole">${formula(content, false)}${markup}</span>` : formula(content, false));
  };
  markdown.renderer.rules.math_block = (tokens, i) =>
    `${keep(`<span class="formula">${formula(tokens[i]!.content, true)}</span>`)}\n`;
}
