// What is wrong with a notebook that was run: a pure function of what the run left behind.
import {
  complaintProblems,
  errorProblems,
  failureProblem,
  limits,
  pathProblems,
  statementProblems,
  verifies,
  type Problem,
} from './rules';
import { chartProblems } from './chart-rules';
import { serialise } from './committed-form';
import { tidyProblems } from './tidy-rules';
import type { Complaint, Execution } from './execute';
import { codeCells, textOf, type Notebook } from './notebook';

const lastLines = (text: string, count: number): string => text.trim().split('\n').slice(-count).join('\n');

const stderrOf = (notebook: Notebook): Complaint[] =>
  codeCells(notebook).flatMap((cell, i) =>
    (cell.outputs ?? []).flatMap((output) =>
      output.output_type === 'stream' && output.name === 'stderr' ? { cell: i + 1, text: textOf(output.text) } : [],
    ),
  );

/** What to hold a notebook against beside its own cells. */
export interface Evidence {
  /** This machine's folders, which must not be in it. */
  ownPaths?: string[];
  /** What its run sent to stderr, if more is known than stands in its outputs. */
  complaints?: Complaint[];
}

/** What is wrong with an executed notebook as it would be committed. */
export function checkNotebook(notebook: Notebook, { ownPaths = [], complaints }: Evidence = {}): Problem[] {
  const cells = codeCells(notebook);
  const problems = [
    ...complaintProblems(complaints ?? stderrOf(notebook)),
    ...cells.flatMap((cell, i) => [
      ...errorProblems(cell, i + 1),
      ...pathProblems(cell, i + 1, ownPaths),
      ...tidyProblems(cell, i + 1),
      ...statementProblems(cell, i + 1),
    ]),
    ...chartProblems(notebook),
  ];
  const unexecuted = cells.findIndex((cell, i) => cell.execution_count !== i + 1);
  if (unexecuted >= 0) problems.unshift({ cell: unexecuted + 1, what: 'was not executed in order' });
  if (!verifies(cells.at(-1))) {
    const what = 'is the last cell and verifies nothing: it has to check what the text says of the numbers';
    problems.push({ cell: cells.length || undefined, what });
  }
  const size = Buffer.byteLength(serialise(notebook));
  if (size > limits.notebook) problems.push({ what: `takes ${size} bytes; at most ${limits.notebook}` });
  return problems;
}

/** The run broke off: in which cell, and why. */
function brokenOff({ lastCell, complaints, failures, stderr, timedOut }: Execution): Problem {
  const said = [...complaints, ...failures]
    .filter(({ cell }) => cell === lastCell)
    .map(({ text }) => text)
    .join('')
    .trim();
  if (lastCell === 0) return { what: 'the kernel did not start', message: lastLines(`${stderr}\n${said}`, 8) };
  if (timedOut) return { cell: lastCell, what: 'takes too long (--timeout SECONDS gives it more)', message: said };
  if (/DeadKernelError|Kernel died/.test(stderr)) return { cell: lastCell, what: 'ended the kernel', message: said };
  const failure = failures.find(({ cell }) => cell === lastCell);
  if (failure) return failureProblem(failure);
  return { cell: lastCell, what: 'failed', message: said || lastLines(stderr, 8) };
}

/** What is wrong with a run; `committed` is its notebook as it would be committed, if the run came to the end. */
export function checkExecution(execution: Execution, committed: Notebook | undefined, ownPaths: string[]): Problem[] {
  const { complaints, lastCell } = execution;
  if (committed) return checkNotebook(committed, { ownPaths, complaints });
  const { failures } = execution;
  const isTold = ({ cell }: Complaint): boolean => cell < lastCell || failures.some((one) => one.cell === cell);
  return [...complaintProblems(complaints.filter(isTold)), brokenOff(execution)];
}
