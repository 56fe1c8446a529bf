// The minimisers on two of the problems of tests/reference/minimisers.py.
import { scipy, solveInTensors, type Method } from '../../tests/support/minimiser-problems';
import { compiling, type Points } from './subject';

const WORK: Record<string, [Method, problem: string]> = {
  'L-BFGS on Rosenbrock': ['lbfgs', 'rosenbrock'],
  'Newton-CG on Rosenbrock': ['newton-cg', 'rosenbrock'],
  'Levenberg-Marquardt on Rosenbrock': ['levenberg-marquardt', 'rosenbrock'],
  'L-BFGS on a logistic regression': ['lbfgs', 'logistic'],
  'Newton-CG on a logistic regression': ['newton-cg', 'logistic'],
};

/** From the first start of each problem. */
export const minimiserPoints = (): Points =>
  Object.fromEntries(
    Object.entries(WORK).map(([point, [method, problem]]) => [
      point,
      compiling(async (compile) => {
        const first = scipy.cases.find((one) => one.problem === problem)!;
        const run = (await solveInTensors(first, method, compile))!;
        return 1 + run.loss.at(-1)!; // Rosenbrock's minimum is 0, which no other number is near to
      }),
    ]),
  );
