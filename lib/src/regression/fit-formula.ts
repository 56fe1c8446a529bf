import { DescentError } from '../errors';
import { checkCounts } from '../descent/check';
import { Interruption, type Stop } from '../descent/interrupt';
import { backSubstitute } from '../descent/minimisers/qr';
import { levenbergMarquardt, type Fitted } from '../descent/minimisers/least-squares';
import { checkTolerance, float64, follow, norm } from '../descent/minimisers/minimiser';
import { readFormula, type Formula } from './formula';

/** Data, a formula for them, and where to begin. */
export interface FitFormulaOptions<P extends string = string> {
  /** The columns that the formula is of, by the names that it calls them by. */
  x: Record<string, readonly number[]>;
  /** What the formula is to come to, in each row. */
  y: readonly number[];
  /**
   * The formula: numbers, the names of columns and parameters, pi and e, `+ - * / ^`, parentheses, and exp, log, log10,
   * sqrt, abs, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh and pow.
   */
  model: string;
  /** Every parameter with the value to begin at. */
  start: Record<P, number>;
  /** The most steps to take. Default: 10000; hard problems take some hundred. */
  iterations?: number;
  /** It ends where a linear step could take away at most this share of the residuals' length. Default: 1e-10. */
  tolerance?: number;
  /** Called after each step; `false` ends the fit there. */
  onIteration?: (iteration: number, residualSumOfSquares: number, parameters: Record<P, number>) => boolean | void;
  /** Ends the fit when aborted. */
  signal?: AbortSignal;
}

/** The parameters that were found, how well they are known, and how they were reached. */
export interface FormulaFit<P extends string = string> {
  /** Those of the least sum of squares, if it converged. */
  parameters: Record<P, number>;
  /**
   * The standard deviation of each parameter, for errors of y that are independent and alike; NaN for one that the data
   * do not determine, and for all where there are no more rows than parameters.
   */
  standardErrors: Record<P, number>;
  /** In the square of y's unit. */
  residualSumOfSquares: number;
  /** What the formula comes to in each row. */
  fitted: number[];
  /** Steps that were taken. */
  iterations: number;
  /** How often the formula was evaluated on all rows. */
  evaluations: number;
  /** And its derivatives. */
  gradients: number;
  /** Whether it ended at a minimum. */
  converged: boolean;
  /** Why it ended, in words. */
  reason: string;
  /** The parameters after 0, 1, 2 ... steps. */
  records: Record<P, number>[];
  /** The sum of squares after 0, 1, 2 ... steps. */
  loss: number[];
  /** Why it ended before it was through, if it did. */
  stopped?: Stop | 'callback';
}

/**
 * Fits a formula of your own to data by least squares: the method of Levenberg and Marquardt in double precision, with
 * the formula's exact derivatives. It needs the package mathjs, which reads the formula; nothing of it is run as code.
 *
 * @example
 * const fit = await regression.fitFormula({
 *   x: { t: [0, 1, 2, 3] },
 *   y: [5, 3, 2, 1.5],
 *   model: 'a * exp(-b * t) + c',
 *   start: { a: 1, b: 1, c: 0 },
 * });
 * console.log(fit.parameters.c.toFixed(6)); // => 1.000000
 *
 * @throws DescentError for a formula that cannot be read, data that do not go together, and a start where it is not finite
 */
export async function fitFormula<P extends string>(options: FitFormulaOptions<P>): Promise<FormulaFit<P>> {
  const { x, y, model, start, iterations = 10_000, tolerance = 1e-10, onIteration, signal } = options;
  checkCounts(iterations, 1);
  checkTolerance(tolerance);
  const names = Object.keys(start) as P[];
  checkData(x, y, start);
  const formula = readFormula(model, Object.keys(x), names);
  const counts = { evaluations: 0, gradients: 0 };
  const { predict, jacobian } = tabulate(formula, Object.values(x), y.length, names.length);
  const problem = {
    at: (parameters: Float64Array) => {
      counts.evaluations++;
      return predict(parameters).map((value, i) => value - y[i]!);
    },
    jacobian: (parameters: Float64Array) => {
      counts.gradients++;
      return jacobian(parameters);
    },
  };
  const named = (values: Float64Array): Record<P, number> =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<P, number>;
  const begin = Float64Array.from(names, (name) => start[name]);
  checkStart(predict(begin), jacobian(begin), names);
  const records: Record<P, number>[] = [];
  const interruption = new Interruption(signal);
  try {
    const { run, ending, last } = await follow(levenbergMarquardt(problem, begin, tolerance, float64), {
      iterations,
      every: 1,
      interruption,
      visit: (point, iteration) => onIteration?.(iteration, point.value, named(point.x)),
      record: (point) => void records.push(named(point.x)),
    });
    return {
      parameters: named(last.x),
      standardErrors: named(standardErrors(last, y.length - names.length)),
      residualSumOfSquares: last.value,
      fitted: [...predict(last.x)],
      ...counts,
      ...run,
      ...ending,
      records,
    };
  } finally {
    interruption.close();
  }
}

/** What a formula comes to in each row of its columns, with the parameters that are given: a curve to draw, for instance. */
export function evaluateFormula({
  x,
  model,
  parameters,
}: Pick<FitFormulaOptions, 'x' | 'model'> & { parameters: Record<string, number> }): number[] {
  const names = Object.keys(parameters);
  const columns = Object.values(x);
  const rows = columns[0]?.length ?? 0;
  const formula = readFormula(model, Object.keys(x), names);
  return [...tabulate(formula, columns, rows, names.length).predict(Float64Array.from(Object.values(parameters)))];
}

/** The formula and its derivatives in all rows: of columns whose values come first, and parameters. */
function tabulate({ value, derivatives }: Formula, columns: (readonly number[])[], rows: number, parameters: number) {
  const values = new Float64Array(columns.length + parameters);
  const table = (f: Formula['value'], at: Float64Array): Float64Array => {
    values.set(at, columns.length);
    return Float64Array.from({ length: rows }, (_, i) => {
      columns.forEach((column, j) => (values[j] = column[i]!));
      return f(values);
    });
  };
  return {
    predict: (at: Float64Array) => table(value, at),
    jacobian: (at: Float64Array) => derivatives.map((derivative) => table(derivative, at)),
  };
}

/** The roots of the diagonal of s^2 (J^T J)^-1, s^2 being the sum of squares by the degrees of freedom that are left. */
function standardErrors({ value, scales, factors }: Fitted, freedom: number): Float64Array {
  const { r, pivots, rank } = factors;
  const errors = new Float64Array(r.length).fill(NaN);
  if (freedom <= 0 || rank < r.length) return errors;
  // (J^T J)^-1 = R^-1 R^-T: its diagonal has the squares of the rows of R^-1
  const inverse = r.map((_, k) =>
    backSubstitute(
      r,
      Float64Array.from(r, (_, i) => (i === k ? 1 : 0)),
      r.length,
    ),
  );
  pivots.forEach((pivot, k) => {
    const row = Float64Array.from(inverse, (column) => column[k]!);
    errors[pivot] = (Math.sqrt(value / freedom) * norm(row)) / scales[pivot]!;
  });
  return errors;
}

function checkData(x: Record<string, readonly number[]>, y: readonly number[], start: Record<string, number>): void {
  const names = Object.keys(start);
  if (names.length === 0) throw new DescentError('the start has no parameters: there is nothing to fit');
  const odd = names.find((name) => !Number.isFinite(start[name]));
  if (odd !== undefined)
    throw new DescentError(`the parameter '${odd}' starts at ${start[odd]}, which is no finite number`);
  for (const [name, column] of [...Object.entries(x), ['y', y] as const]) {
    if (column.length !== y.length) {
      throw new DescentError(
        `the column '${name}' has ${column.length} values and y has ${y.length}: they belong in rows`,
      );
    }
    const odd = column.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) throw new DescentError(`row ${odd + 1} of '${name}' is ${column[odd]}, which is no finite number`);
  }
  if (y.length < names.length) {
    throw new DescentError(`${y.length} rows do not determine ${names.length} parameters`);
  }
}

function checkStart(predicted: Float64Array, jacobian: Float64Array[], names: string[]): void {
  const far = (values: Float64Array): number => values.findIndex((value) => !Number.isFinite(value));
  const row = far(predicted);
  if (row >= 0) {
    throw new DescentError(`at the start the formula is ${predicted[row]} in row ${row + 1}: begin elsewhere`);
  }
  jacobian.forEach((column, j) => {
    const row = far(column);
    if (row < 0) return;
    throw new DescentError(
      `at the start the derivative by '${names[j]}' is ${column[row]} in row ${row + 1}: begin elsewhere`,
    );
  });
}
