// What a cell of a committed notebook may not have.
import { stripVTControlCharacters } from 'node:util';
import { IMAGE_LIMIT, STATEMENTS_MIME } from 'descent-lab/internal';
import type { Complaint } from './execute';
import { textOf, type Cell } from './notebook';

/** One thing that is wrong. */
export interface Problem {
  /** The cell's number as JupyterLab shows it, [1] for the first code cell; none where it is the whole notebook. */
  cell?: number;
  what: string;
  /** The real message. */
  message?: string;
}

/** What a committed notebook, and an image in it, may weigh, in bytes. */
export const limits = { image: IMAGE_LIMIT, notebook: 3_000_000 };

/** Comments out, so that an assertion in one does not count. */
const withoutComments = (source: string): string => source.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

/** Whether a cell holds the text to its numbers: by `verify`, or by node:assert. */
export const verifies = (cell: Cell | undefined): boolean =>
  /\b(verify|assert(\.\w+)*)\s*\(/.test(withoutComments(textOf(cell?.source)));

/** The statements of the text that its numbers do not bear out: `verify` tells a reader so, and that is fine; not here. */
export const statementProblems = (cell: Cell, number: number): Problem[] =>
  (cell.outputs ?? []).flatMap((output) => {
    const found = 'data' in output ? (output.data[STATEMENTS_MIME] as { unmet?: string[] } | undefined) : undefined;
    return (found?.unmet ?? []).map((statement) => ({
      cell: number,
      what: `states what its numbers do not say: "${statement}"`,
    }));
  });

const plain = 'wrote to stderr';
/** How the kernel begins when nobody else catches it. */
const uncaught: [prefix: string, what: string][] = [
  [
    'UnhandledPromiseRejection:',
    'a promise was rejected and nothing waits for it, here or in an earlier cell (is an await missing?)',
  ],
  ['UncaughtException:', 'an error was thrown where nothing catches it, here or in an earlier cell'],
];

const uncaughtIn = (text: string): string | undefined => uncaught.find(([prefix]) => text.startsWith(prefix))?.[1];

/** tslab's own, on a busy machine: when told to end it closes its sockets while it still reads from one. */
const ofTheKernel = /^UnhandledPromiseRejection: Error: Socket is closed\b[^]*\bEBADF\b/;

/** Each lost error is a problem, and so is all else that one cell wrote to stderr. */
export function complaintProblems(complaints: Complaint[]): Problem[] {
  const problems = new Map<string, Problem>();
  complaints
    .filter(({ text }) => !ofTheKernel.test(text))
    .forEach(({ cell, text }, i) => {
      const what = uncaughtIn(text) ?? plain;
      const key = what === plain ? `cell ${cell}` : `complaint ${i}`;
      problems.set(key, { cell, what, message: (problems.get(key)?.message ?? '') + text });
    });
  return [...problems.values()];
}

/** The error by which a cell failed, as the kernel tells it. */
export const failureProblem = ({ cell, text }: Complaint): Problem => ({
  cell,
  what: uncaughtIn(text) ?? 'failed',
  message: text,
});

/** Errors in the outputs; a notebook of another kernel may have no traceback. */
export const errorProblems = (cell: Cell, number: number): Problem[] =>
  (cell.outputs ?? []).flatMap((output) => {
    if (output.output_type !== 'error') return [];
    const traceback = stripVTControlCharacters(output.traceback.join('\n'));
    return failureProblem({ cell: number, text: traceback || `${output.ename}: ${output.evalue}` });
  });

/** Folders that betray whose machine a notebook ran on. */
const machinePath = /(?:(?<![\w.])\/(?:home|Users)\/|\b[A-Z]:\\{1,2}Users\\{1,2})[^\s"'<>]+/;

/** All text of a cell and its outputs, as it stands in the file. */
function writtenText(cell: Cell): string {
  const outputs = (cell.outputs ?? []).flatMap((output) =>
    'data' in output
      ? Object.entries(output.data)
          .filter(([type]) => !type.startsWith('image/'))
          .map(([, data]) => data)
      : [output],
  );
  return JSON.stringify([cell.source, ...outputs]);
}

/** A path of the machine that the notebook ran on: one of its own folders, or anything in somebody's home. */
export function pathProblems(cell: Cell, number: number, ownPaths: string[]): Problem[] {
  const text = writtenText(cell);
  const own = ownPaths.find((path) => text.includes(JSON.stringify(path).slice(1, -1)));
  const found = own ?? machinePath.exec(text)?.[0];
  return found ? [{ cell: number, what: `holds a path of this machine: ${found}` }] : [];
}
