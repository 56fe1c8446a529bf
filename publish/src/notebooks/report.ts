// Problems in words: the notebook, the cell, its source, and the real message.
import { codeCells, textOf, type Notebook } from './notebook';
import type { Problem } from './rules';

const indent = (text: string, by: string): string =>
  text
    .split('\n')
    .map((line) => by + line)
    .join('\n');

function firstLines(text: string, count: number): string {
  const lines = text.trim().split('\n');
  return lines.length > count ? [...lines.slice(0, count), '...'].join('\n') : lines.join('\n');
}

/** A stack's lines inside Node and tslab say nothing about a cell. */
const withoutInnerFrames = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*(node:|[\\/]tslab[\\/]|sigintHandlersWrap)/.test(line))
    .join('\n');

/** One problem of a notebook. */
export function describeProblem(file: string, notebook: Notebook, { cell, what, message }: Problem): string {
  const source = cell ? textOf(codeCells(notebook)[cell - 1]?.source) : '';
  return [
    `${file}${cell ? `, cell [${cell}]` : ''}: ${what}`,
    ...(source ? [indent(firstLines(source, 6), '    | ')] : []),
    ...(message?.trim() ? [indent(firstLines(withoutInnerFrames(message), 16), '    ')] : []),
  ].join('\n');
}
