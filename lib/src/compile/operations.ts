// The operations on single numbers that recorded kernels are made of: each as text and as a function.

/** One operation. */
export interface Operation {
  /** What its result is; `same` is the kind of its last argument. */
  kind: 'float' | 'int' | 'bool' | 'same';
  /** In additions. */
  cost: number;
  /** Whether it has no need to be rounded to float32: its result is one of its arguments, or such a number anyway. */
  exact?: boolean;
  /** As JavaScript. */
  text: (...args: string[]) => string;
  compute: (...args: number[]) => number | boolean;
}

const float = (cost: number, text: Operation['text'], compute: Operation['compute']): Operation => ({
  kind: 'float',
  cost,
  text,
  compute,
});
const exact = (cost: number, text: Operation['text'], compute: Operation['compute']): Operation => ({
  kind: 'same',
  cost,
  exact: true,
  text,
  compute,
});
const test = (text: Operation['text'], compute: Operation['compute']): Operation => ({
  kind: 'bool',
  cost: 1,
  exact: true,
  text: (...args) => `(${text(...args)} ? 1 : 0)`,
  compute: (...args) => Number(compute(...args)),
});
const whole = (cost: number, text: Operation['text'], compute: Operation['compute']): Operation => ({
  kind: 'int',
  cost,
  exact: true,
  text,
  compute,
});
/** A function of JavaScript's own. */
const math = (name: 'exp' | 'log' | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'asinh' | 'acosh' | 'atanh' | 'expm1' | 'log1p', cost = 12): Operation =>
  float(cost, (a) => `Math.${name}(${a})`, (x) => Math[name](x)); // prettier-ignore

/** Half a number is rounded to the even neighbour, as TensorFlow does. */
export function roundToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor < 0.5) return floor;
  if (x - floor > 0.5) return Math.ceil(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The error function, to 1.5e-7: Abramowitz and Stegun, 7.1.26, which TensorFlow.js takes too. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

/** The rest of a division, of the divisor's sign. */
const modulo = (a: number, b: number): number => {
  const rest = a % b;
  return (a < 0 && b < 0) || (a >= 0 && b >= 0) ? rest : (rest + b) % b;
};
const softplus = (x: number): number => (x > 16 ? x : x < -16 ? Math.exp(x) : Math.log1p(Math.exp(x)));

/** What the text of operations calls by name. */
export const helpers = { erf, roundToEven, modulo, softplus };

const table = {
  add: float(1, (a, b) => `${a} + ${b}`, (a, b) => a + b),
  subtract: float(1, (a, b) => `${a} - ${b}`, (a, b) => a - b),
  multiply: float(1, (a, b) => `${a} * ${b}`, (a, b) => a * b),
  divide: float(4, (a, b) => `${a} / ${b}`, (a, b) => a / b),
  divideNoNan: float(5, (a, b) => `(${b} === 0 ? 0 : ${a} / ${b})`, (a, b) => (b === 0 ? 0 : a / b)),
  power: float(30, (a, b) => `Math.pow(${a}, ${b})`, (a, b) => Math.pow(a, b)),
  square: float(1, (a) => `${a} * ${a}`, (a) => a * a),
  squaredDifference: float(2, (a, b) => `(${a} - ${b}) * (${a} - ${b})`, (a, b) => (a - b) * (a - b)),
  squareRoot: float(5, (a) => `Math.sqrt(${a})`, Math.sqrt),
  reciprocal: float(4, (a) => `1 / ${a}`, (a) => 1 / a),
  reciprocalRoot: float(8, (a) => `1 / Math.sqrt(${a})`, (a) => 1 / Math.sqrt(a)),
  exp: math('exp'), log: math('log'), sin: math('sin'), cos: math('cos'), tan: math('tan'),
  asin: math('asin'), acos: math('acos'), atan: math('atan'), sinh: math('sinh'), cosh: math('cosh'), tanh: math('tanh'),
  asinh: math('asinh'), acosh: math('acosh'), atanh: math('atanh'), expm1: math('expm1'), log1p: math('log1p'),
  atan2: float(20, (a, b) => `Math.atan2(${a}, ${b})`, Math.atan2),
  sigmoid: float(16, (a) => `1 / (1 + Math.exp(-${a}))`, (a) => 1 / (1 + Math.exp(-a))),
  softplus: float(24, (a) => `softplus(${a})`, softplus),
  erf: float(30, (a) => `erf(${a})`, erf),
  modulo: float(8, (a, b) => `modulo(${a}, ${b})`, modulo),
  negate: exact(1, (a) => `-${a}`, (a) => -a),
  absolute: exact(1, (a) => `Math.abs(${a})`, Math.abs),
  maximum: exact(1, (a, b) => `Math.max(${a}, ${b})`, Math.max),
  minimum: exact(1, (a, b) => `Math.min(${a}, ${b})`, Math.min),
  sign: exact(2, (a) => `(${a} < 0 ? -1 : ${a} > 0 ? 1 : ${a} !== ${a} ? NaN : 0)`, (a) => (a < 0 ? -1 : a > 0 ? 1 : a !== a ? NaN : 0)),
  floor: exact(1, (a) => `Math.floor(${a})`, Math.floor),
  ceil: exact(1, (a) => `Math.ceil(${a})`, Math.ceil),
  round: exact(4, (a) => `roundToEven(${a})`, roundToEven),
  /** Between two limits; what is no number stays none. */
  clip: exact(2, (low, high, a) => `(${a} < ${low} ? ${low} : ${a} > ${high} ? ${high} : ${a})`, (low, high, a) => (a < low ? low : a > high ? high : a)),
  select: exact(1, (c, a, b) => `(${c} ? ${a} : ${b})`, (c, a, b) => (c ? a : b)),
  equal: test((a, b) => `${a} === ${b}`, (a, b) => a === b),
  notEqual: test((a, b) => `${a} !== ${b}`, (a, b) => a !== b),
  less: test((a, b) => `${a} < ${b}`, (a, b) => a < b),
  lessEqual: test((a, b) => `${a} <= ${b}`, (a, b) => a <= b),
  greater: test((a, b) => `${a} > ${b}`, (a, b) => a > b),
  greaterEqual: test((a, b) => `${a} >= ${b}`, (a, b) => a >= b),
  and: test((a, b) => `${a} && ${b}`, (a, b) => Boolean(a && b)),
  or: test((a, b) => `${a} || ${b}`, (a, b) => Boolean(a || b)),
  not: test((a) => `!${a}`, (a) => !a),
  isFinite: test((a) => `Number.isFinite(${a})`, Number.isFinite),
  isNan: test((a) => `${a} !== ${a}`, (a) => a !== a),
  isInfinite: test((a) => `Math.abs(${a}) === Infinity`, (a) => Math.abs(a) === Infinity),
  /** A float as a whole number, cut off. */
  truncate: whole(1, (a) => `(${a} | 0)`, (a) => a | 0),
  /** As floats. */
  toFloat: { kind: 'float', cost: 0, text: (a) => a, compute: (a) => a },
  /** Without rounding, for sums that are rounded at their end. */
  addDouble: { kind: 'float', cost: 1, exact: true, text: (a, b) => `${a} + ${b}`, compute: (a, b) => a + b },
  squareRootDouble: { kind: 'float', cost: 5, exact: true, text: (a) => `Math.sqrt(${a})`, compute: Math.sqrt },
  multiplyDouble: { kind: 'float', cost: 1, exact: true, text: (a, b) => `${a} * ${b}`, compute: (a, b) => a * b },
  toBool: test((a) => `${a} !== 0`, (a) => a !== 0),
  addWhole: whole(1, (a, b) => `(${a} + ${b} | 0)`, (a, b) => (a + b) | 0),
  subtractWhole: whole(1, (a, b) => `(${a} - ${b} | 0)`, (a, b) => (a - b) | 0),
  multiplyWhole: whole(1, (a, b) => `Math.imul(${a}, ${b})`, Math.imul),
  floorDivide: whole(4, (a, b) => `Math.floor(${a} / ${b})`, (a, b) => Math.floor(a / b)),
  bitwiseAnd: whole(1, (a, b) => `(${a} & ${b})`, (a, b) => a & b),
} satisfies Record<string, Operation>; // prettier-ignore

export type OperationName = keyof typeof table;

/** All operations by name. */
export const operations: Readonly<Record<OperationName, Operation>> = table;
