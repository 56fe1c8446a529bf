// Statements as JavaScript.
import { helpers, operations } from './operations';
import type { Address, Program, Statement, Term } from './program';
import type { Store } from './stores';

const ARRAYS = { shared: 'S', own: 'F', whole: 'I' };

const number = (value: number): string => {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.startsWith('-') ? `(${text})` : text;
};

const element = (store: Store, at: Address): string =>
  `${ARRAYS[store.space]}[${addressText({ ...at, constant: at.constant + store.offset })}]`;

function addressText({ constant, terms }: Address): string {
  const parts = terms.map(({ factor, of }) => {
    const text =
      'loop' in of
        ? `i${of.loop.depth}`
        : 'part' in of
          ? of.rest
            ? `((${addressText(of.part)}) % ${of.by})`
            : `((${addressText(of.part)}) / ${of.by} | 0)`
          : termText(of);
    return factor === 1 ? text : factor === -1 ? `-${text}` : `${factor} * ${text}`;
  });
  if (constant !== 0 || parts.length === 0) parts.push(String(constant));
  return parts.join(' + ').replaceAll('+ -', '- ');
}

function termText(term: Term): string {
  if ('constant' in term) return number(term.constant);
  if ('register' in term) return `r${term.register}`;
  if ('load' in term) return element(term.load, term.at);
  if ('index' in term) return `(${addressText(term.index)})`;
  const text = operations[term.operation].text(...term.args.map(termText));
  return term.rounded
    ? `fround(${text})`
    : /^\w+(\.\w+)?\(.*\)$|^\(.*\)$/.test(text) && isWhole(text)
      ? text
      : `(${text})`;
}

/** Whether the first bracket of a text is closed by its last. */
function isWhole(text: string): boolean {
  let open = 0;
  for (let i = text.indexOf('('); i < text.length; i++) {
    if (text[i] === '(') open++;
    else if (text[i] === ')' && --open === 0) return i === text.length - 1;
  }
  return false;
}

function folded(statement: Extract<Statement, { do: 'fold' }>): string {
  const into = `r${statement.register}`;
  const value = termText(statement.value);
  switch (statement.fold) {
    case 'sum':
      return `${into} += ${value};`;
    case 'product':
      return `${into} *= ${value};`;
    case 'minimum':
      return `${into} = Math.min(${into}, ${value});`;
    case 'maximum':
      return `${into} = Math.max(${into}, ${value});`;
    default: {
      const { register, at } = statement.place!;
      const better = statement.fold === 'least' ? '<' : '>';
      return `{ const v = ${value}; if (v ${better} ${into}) { ${into} = v; r${register} = ${termText(at)}; } }`;
    }
  }
}

/** The lines of some statements. */
export function linesOf(statements: readonly Statement[], wholes: Statement[] = [], indent = '  '): string[] {
  return statements.flatMap((statement): string[] => {
    switch (statement.do) {
      case 'let':
        return [`${indent}const r${statement.register} = ${termText(statement.value)};`];
      case 'begin':
        return [`${indent}let r${statement.register} = ${number(statement.value)};`];
      case 'fold':
        return [indent + folded(statement)];
      case 'store':
        return [
          `${indent}${element(statement.store, statement.at)} ${statement.adds ? '+=' : '='} ${termText(statement.value)};`,
        ];
      case 'whole':
        return [`${indent}whole(${wholes.push(statement) - 1}); // ${statement.whole.kernel}`];
      default: {
        const { depth, size } = statement.loop;
        return [
          `${indent}for (let i${depth} = 0; i${depth} < ${size}; i${depth}++) {`,
          ...linesOf(statement.body, wholes, `${indent}  `),
          `${indent}}`,
        ];
      }
    }
  });
}

/** The memory that a program works on: numbers that it shares with others, its own, and whole numbers. */
export interface Memory {
  shared: Float32Array | Float64Array;
  own: Float32Array | Float64Array;
  whole: Int32Array;
}

/** A program as a function of its memory, and of what runs its whole kernels, by their numbers. */
export type Runnable = (memory: Memory, whole: (i: number) => void) => void;

/** A program as the text of a JavaScript function, with the kernels that it runs as a whole. */
export function textOf({ statements }: Program): { text: string; wholes: Statement[] } {
  const wholes: Statement[] = [];
  return { text: linesOf(statements, wholes).join('\n'), wholes };
}

/**
 * Compiles a program's text.
 * @throws EvalError where a page's policy forbids generated code
 */
export function compileText(text: string): Runnable {
  const names = Object.keys(helpers);
  const body = `'use strict';\nconst fround = Math.fround;\nreturn (S, F, I, whole) => {\n${text}\n};`;
  // The text is made of numbers and of the names above alone: nothing that a reader wrote gets into it.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...names, body) as (...args: unknown[]) => (...args: unknown[]) => void;
  const run = make(...Object.values(helpers));
  return ({ shared, own, whole: integers }, whole) => run(shared, own, integers, whole);
}
