// What the minimisers take beside SciPy's, and how many digits of NIST's certified parameters they find:
// node --import ./scripts/tsx.mjs bench/minimisers.ts
// SciPy's side, in doubles, was measured by tests/reference/minimisers.py.
import { textTable } from 'descent-lab/internal';
import { fitNist, methods, nist, scipy, solveInDoubles, solveInTensors } from '../tests/support/minimiser-problems';
import { run } from '../scripts/cli/edge';

/** Iterations / evaluations / minimum. */
const cost = (
  result: { iterations: number | null; evaluations: number; minimum: number; converged?: boolean } | undefined,
): string => {
  if (!result) return '';
  const { iterations, evaluations, minimum, converged = true } = result;
  return `${iterations ?? '-'} / ${evaluations} / ${minimum.toPrecision(3)}${converged ? '' : ' not converged'}`;
};

async function main(): Promise<void> {
  console.log('iterations / evaluations / minimum');
  const rows = [];
  for (const each of scipy.cases) {
    for (const method of methods) {
      const tensors = await solveInTensors(each, method);
      if (!tensors) continue;
      rows.push({
        problem: each.problem,
        from: each.start.slice(0, 2).join(', ') + (each.start.length > 2 ? ' ...' : ''),
        method,
        'ours, float32': cost({ ...tensors, minimum: tensors.loss.at(-1)! }),
        'ours, doubles': cost(solveInDoubles(each, method)),
        [`SciPy ${scipy.scipy}`]: cost(each[method]),
      });
    }
  }
  console.log(textTable(rows));
  const fits = [];
  for (const [problem, data] of Object.entries(nist)) {
    for (const start of [0, 1]) {
      const fit = await fitNist(data, start);
      fits.push({
        problem,
        start: start + 1,
        digits: fit.digits.toFixed(1),
        'of standard errors': fit.digitsOfErrors.toFixed(1),
        iterations: fit.iterations,
        evaluations: fit.evaluations,
        converged: String(fit.converged),
      });
    }
  }
  console.log(`\nNIST: digits that agree with the certified values\n${textTable(fits)}`);
}

run(main);
