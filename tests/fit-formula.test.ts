import test from 'node:test';
import assert from 'node:assert/strict';
import { regression } from 'descent-lab';
import { agreement, fitNist, nist } from './support/minimiser-problems';

const { fitFormula } = regression;

test("NIST's certified parameters, errors and sums of squares are found from both starts", async () => {
  assert.equal(Object.keys(nist).length, 13);
  for (const [name, problem] of Object.entries(nist)) {
    for (const start of [0, 1]) {
      const fit = await fitNist(problem, start);
      const what = `${name} from start ${start + 1}: ${JSON.stringify(fit.parameters)}, ${fit.reason}`;
      assert.ok(fit.converged, what);
      assert.ok(fit.digits >= 8, `${fit.digits} digits: ${what}`);
      assert.ok(fit.digitsOfErrors >= 8, `${fit.digitsOfErrors} digits of errors: ${what}`);
      assert.ok(fit.digitsOfSquares >= 8, `${fit.digitsOfSquares} digits of squares: ${what}`);
    }
  }
});

const t = [0, 1, 2, 3, 4, 5];
const y = t.map((value) => 5 * Math.exp(-0.7 * value) + 2);
const decay = { x: { t }, y, model: 'a * exp(-b * t) + c', start: { a: 1, b: 0.1, c: 0 } };

test('it says what it found, how well it is known, and how it got there', async () => {
  const fit = await fitFormula(decay);
  assert.ok(agreement(Object.values(fit.parameters), [5, 0.7, 2]) > 10);
  assert.ok(fit.residualSumOfSquares < 1e-20 && fit.converged);
  assert.equal(fit.records.length, fit.iterations + 1);
  assert.equal(fit.loss.length, fit.iterations + 1);
  assert.deepEqual(fit.records[0], { a: 1, b: 0.1, c: 0 });
  assert.deepEqual(fit.records.at(-1), fit.parameters);
  assert.ok(agreement(fit.fitted, y) > 10);
  assert.ok(fit.evaluations > fit.iterations);
});

test("a line's standard errors are those of its formula", async () => {
  const x = [1, 2, 4, 5, 7];
  const values = [2, 3, 5, 5, 9];
  const { parameters, standardErrors } = await fitFormula({
    x: { x },
    y: values,
    model: 'm*x + c',
    start: { m: 0, c: 0 },
  });
  const mean = x.reduce((sum, value) => sum + value / 5, 0);
  const spread = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const exact = regression.exactFit(x, values);
  const s2 = (exact.mse * 5) / 3;
  assert.ok(agreement([parameters.m, parameters.c], [exact.slope, exact.intercept]) > 10);
  const expected = [Math.sqrt(s2 / spread), Math.sqrt(s2 * (1 / 5 + mean ** 2 / spread))];
  assert.ok(agreement([standardErrors.m, standardErrors.c], expected) > 10);
});

test('what the data do not determine has no standard error', async () => {
  const alike = await fitFormula({ x: { x: [1, 2, 3] }, y: [2, 4, 7], model: '(a + b) * x', start: { a: 0, b: 0 } });
  assert.ok(Math.abs(alike.parameters.a + alike.parameters.b - 31 / 14) < 1e-9);
  assert.deepEqual(alike.standardErrors, { a: NaN, b: NaN });
  const exact = await fitFormula({ x: { x: [1, 2] }, y: [2, 4], model: 'a * x + b', start: { a: 0, b: 0 } });
  assert.deepEqual(exact.standardErrors, { a: NaN, b: NaN });
});

test('every function and operator means what it does in mathematics, with its derivative', async () => {
  const models = {
    'exp(p*x)': (p: number, x: number) => Math.exp(p * x),
    'log(p*x)': (p: number, x: number) => Math.log(p * x),
    'log10(p+x)': (p: number, x: number) => Math.log10(p + x),
    'sqrt(p*x)': (p: number, x: number) => Math.sqrt(p * x),
    'abs(p-x)': (p: number, x: number) => Math.abs(p - x),
    'sin(p*x) + cos(p/x) + tan(p*x/4)': (p: number, x: number) =>
      Math.sin(p * x) + Math.cos(p / x) + Math.tan((p * x) / 4),
    'asin(p*x/5) - acos(p*x/5) + atan(p*x)': (p: number, x: number) =>
      Math.asin((p * x) / 5) - Math.acos((p * x) / 5) + Math.atan(p * x),
    'sinh(p*x) + cosh(p*x) * tanh(p*x)': (p: number, x: number) =>
      Math.sinh(p * x) + Math.cosh(p * x) * Math.tanh(p * x),
    'asinh(p*x) + acosh(2+p*x) + atanh(p*x/5)': (p: number, x: number) =>
      Math.asinh(p * x) + Math.acosh(2 + p * x) + Math.atanh((p * x) / 5),
    'pow(x, p) + p^x - x^p^2': (p: number, x: number) => x ** p + p ** x - x ** (p ** 2),
    '-p^2 * x + 2x - (+p)(1) * pi * e^x': undefined,
    '-p^2 * x + 2x - (+p) * pi * e^x': (p: number, x: number) => -(p ** 2) * x + 2 * x - p * Math.PI * Math.E ** x,
    '1e-1 * p / x / 2 - .5': (p: number, x: number) => (0.1 * p) / x / 2 - 0.5,
  };
  const x = [0.25, 0.5, 1, 1.5, 2, 2.25];
  for (const [model, f] of Object.entries(models)) {
    if (!f) {
      await assert.doesNotReject(fitFormula({ x: { x }, y: x, model, start: { p: 1 }, iterations: 0 }));
      continue;
    }
    const p = 1.3;
    const fit = await fitFormula({ x: { x }, y: x.map((value) => f(p, value)), model, start: { p: 1.2 } });
    assert.ok(Math.abs(fit.parameters.p - p) < 1e-9, `${model}: ${fit.parameters.p}, ${fit.reason}`);
  }
});

test('a power of 0 has a derivative by its exponent', async () => {
  const x = [0, 1, 2, 3];
  const fit = await fitFormula({ x: { x }, y: x.map((v) => 2 * v ** 1.5), model: 'a * x^b', start: { a: 1, b: 1 } });
  assert.ok(agreement(Object.values(fit.parameters), [2, 1.5]) > 9);
});

test('anything but a formula is refused, naming what and where; nothing of it is run', async () => {
  const cases: [string, RegExp][] = [
    ['', /^the formula is empty$/],
    ['a * t +', /^the formula 'a \* t \+' cannot be read: /],
    ['a * t ** 2', /cannot be read: .*a power is written with \^$/],
    [
      'a * z',
      /^'z' is neither a column nor a parameter of the start; known are t, a, pi, e, at character 5 of 'a \* z'$/,
    ],
    ['a = 3', /^'a = 3' cannot stand in a formula/],
    ['f(t) = a * t', /^'f\(t\) = a \* t' cannot stand in a formula/],
    ['a * t; 3', /cannot stand in a formula/],
    ['"a" + t', /cannot stand in a formula|is no number/],
    ['a + true', /^'true' is no number/],
    ['t[1] * a', /cannot stand in a formula/],
    ['a.constructor', /cannot stand in a formula/],
    ['{a: 1}', /cannot stand in a formula/],
    ['[a, t]', /cannot stand in a formula/],
    ['a > t ? a : t', /cannot stand in a formula/],
    ['a % t', /has the operator %/],
    ['a!', /has the operator !/],
    ['a < t', /has the operator </],
    ['evaluate(a)', /^'evaluate\(a\)' calls 'evaluate', which is none of exp, log, .*, at character 1/],
    ['constructor(a)', /calls 'constructor', which is none of/],
    ['toString(a)', /calls 'toString', which is none of/],
    ['a(t + 1)', /calls 'a', which is none of .*: a times something is written with \*, at character 1/],
    ['log(a, 2)', /gives 'log' 2 values, not 1/],
    ['a * 5 cm', /^'cm' is neither a column nor a parameter/],
    [`a${' + t'.repeat(600)}`, /^the formula has 2401 characters: more than 2000 are not read$/],
    [`${'('.repeat(990)}a${')'.repeat(990)}`, /^the formula is nested too deeply$|never/],
  ];
  for (const [model, message] of cases) {
    const fit = fitFormula({ x: { t }, y, model, start: { a: 1 }, iterations: 3 });
    if (model.startsWith('((')) await fit.catch((error: Error) => assert.match(error.message, message));
    else await assert.rejects(fit, { name: 'DescentError', message }, model);
  }
});

test('names and data that do not go together are told', async () => {
  const run = (changes: object): Promise<unknown> => fitFormula({ ...decay, ...changes });
  const cases: [object, RegExp][] = [
    [{ start: {} }, /^the start has no parameters/],
    [{ start: { a: 1, b: 1, c: 1, t: 1 } }, /^'t' is both a column and a parameter: rename one$/],
    [{ start: { a: 1, b: 1, c: 1, e: 1 } }, /^'e' means something in formulas already/],
    [{ start: { 'a b': 1 } }, /^'a b' is no name for a parameter/],
    [{ start: { a: 1, b: 1 } }, /^'c' is neither a column nor a parameter/],
    [{ start: { a: 1, b: 1, c: NaN } }, /^the parameter 'c' starts at NaN/],
    [{ start: { a: 1, b: 1, c: 1, d: 1 } }, /^the formula does not have the parameter 'd'$/],
    [{ y: [1, 2] }, /^the column 't' has 6 values and y has 2/],
    [{ y: [1, 2, 3, NaN, 5, 6] }, /^row 4 of 'y' is NaN/],
    [{ x: { t: [1, 2] }, y: [1, 2] }, /^2 rows do not determine 3 parameters$/],
    [{ model: 'a * log(t) + b + c' }, /^at the start the formula is -Infinity in row 1: begin elsewhere$/],
    [
      { model: 'a * t + sqrt(b) + c', start: { a: 1, b: 0, c: 0 } },
      /^at the start the derivative by 'b' is Infinity in row/,
    ],
    [{ iterations: -1 }, /^iterations must be/],
    [{ tolerance: -1 }, /^tolerance must be/],
  ];
  for (const [changes, message] of cases) await assert.rejects(run(changes), { name: 'DescentError', message });
});

test('a trial step to where the formula is not finite is refused, not the end', async () => {
  const x = [1, 2, 3, 4, 5];
  const values = x.map((v) => Math.log(v - 0.9) * 3);
  const fit = await fitFormula({ x: { x }, y: values, model: 'a * log(x - b)', start: { a: 1, b: -5 } });
  assert.ok(agreement(Object.values(fit.parameters), [3, 0.9]) > 8, JSON.stringify(fit.parameters));
  assert.ok(fit.loss.every(Number.isFinite));
});

test('it stops when told', async () => {
  const stopped = await fitFormula({ ...decay, onIteration: (iteration) => iteration < 2 });
  assert.deepEqual([stopped.stopped, stopped.iterations, stopped.converged], ['callback', 2, false]);
  const aborted = await fitFormula({ ...decay, signal: AbortSignal.abort() });
  assert.deepEqual([aborted.stopped, aborted.iterations], ['aborted', 0]);
  const few = await fitFormula({ ...decay, iterations: 1 });
  assert.deepEqual([few.converged, few.reason], [false, 'it did not converge in 1 iterations']);
});
