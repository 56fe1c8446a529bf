import { DescentError } from '../errors';
import { escapeHtml } from './html';
import { kernel, type Bundle } from './kernel';

/** The media type by which the figures' runner reads which statements do not hold. */
export const STATEMENTS_MIME = 'application/vnd.descent-lab.statements+json';

/** Sentences of a notebook's text, each with the question whether its numbers say so too. */
export type Statements = Record<string, () => boolean>;

/**
 * Says below the cell which statements of a notebook's text hold for the numbers that it has now, and which no longer do.
 * A reader who changed a number is told that this is fine; `npm run figures` takes a notebook only if all hold.
 * A question that throws is one whose statement does not hold: what it speaks of may be gone.
 *
 * ```ts
 * await verify({ 'The squared error ends farther away than Huber\'s': () => bySquares > byHuber });
 * ```
 *
 * Outside a notebook it does nothing, as `display`.
 *
 * @throws DescentError without a statement
 */
export async function verify(statements: Statements): Promise<void> {
  const count = Object.keys(statements).length;
  if (count === 0) throw new DescentError('verify needs a statement: { "the loss falls": () => last < first }');
  const send = kernel();
  if (send) send(bundleOfStatements(count, unmet(statements)), false);
  return Promise.resolve();
}

/** The statements that do not hold. */
export const unmet = (statements: Statements): string[] =>
  Object.entries(statements).flatMap(([statement, holds]) => (answer(holds) ? [] : [statement]));

function answer(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false;
  }
}

const many = (count: number, of: string): string => `${count} ${of}${count === 1 ? '' : 's'}`;

function bundleOfStatements(count: number, lost: readonly string[]): Bundle {
  const { head, tail } = words(count, lost.length);
  const list = `<ul>\n${lost.map((statement) => `<li>${escapeHtml(statement)}</li>`).join('\n')}\n</ul>`;
  return {
    data: {
      'text/html': lost.length ? `<p>${head}</p>\n${list}\n<p>${tail}</p>` : `<p>${head}</p>`,
      'text/plain': lost.length ? [head, ...lost.map((statement) => `- ${statement}`), tail].join('\n') : head,
      [STATEMENTS_MIME]: { statements: count, unmet: [...lost] },
    },
    metadata: {},
    transient: {},
  };
}

const words = (count: number, lost: number): { head: string; tail: string } => ({
  head: lost
    ? `Of ${many(count, 'statement')} of the text ${lost === 1 ? 'one does' : `${lost} do`} not hold for the numbers that this notebook has now:`
    : `What the text says of its numbers holds: ${many(count, 'statement')}, checked.`,
  tail:
    'If you have changed something, that is fine: the text tells of the run it was written with, and your numbers, with ' +
    'the titles of the charts, tell of yours. To have it as it was, undo the change and run all cells.',
});
