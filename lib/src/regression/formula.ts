import type { MathNode } from 'mathjs';
import { DescentError } from '../errors';
import { optional } from '../optional';

/** A formula as a function of plain numbers: its value, and its derivatives by the parameters. */
export interface Formula {
  /** What it comes to, for the values of the names in their order. */
  value: Evaluator;
  /** Its derivative by each parameter, in their order. */
  derivatives: Evaluator[];
}

/** The value for those of all names, in the order in which they were given. */
export type Evaluator = (values: Float64Array) => number;

/** What a formula may call: functions that mathjs differentiates for all real numbers that they take. */
const FUNCTIONS: Record<string, (...args: number[]) => number> = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  pow: Math.pow,
};
/** What derivatives of those call besides. */
const IN_DERIVATIVES: typeof FUNCTIONS = { ...FUNCTIONS, sec: (x) => 1 / Math.cos(x), sech: (x) => 1 / Math.cosh(x) };
const CONSTANTS: Record<string, number> = { pi: Math.PI, e: Math.E };
const LONGEST = 2000;

/**
 * Reads a formula, such as `a * exp(-b * x) + c`, and differentiates it. Nothing of it is run as code: it may hold numbers,
 * names, `+ - * / ^`, parentheses and a few functions.
 * @param columns the names that stand for data
 * @param parameters the names to differentiate by
 * @throws DescentError for anything else, naming it and where it stands
 */
export function readFormula(text: string, columns: readonly string[], parameters: readonly string[]): Formula {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const mathjs = optional('mathjs', 'reads formulas', () => require('mathjs') as typeof import('mathjs'));
  if (typeof text !== 'string' || text.trim() === '') throw new DescentError('the formula is empty');
  if (text.length > LONGEST) {
    throw new DescentError(`the formula has ${text.length} characters: more than ${LONGEST} are not read`);
  }
  const names = checkNames(columns, parameters);
  try {
    const tree = parse(mathjs, text);
    check(tree, text, columns, parameters);
    const derivatives = parameters.map((name) => mathjs.derivative(tree, name, { simplify: false }));
    const [value, ...slopes] = [tree, ...derivatives].map((node) => compile(node, names));
    return { value: asFunction(value!), derivatives: slopes.map(asFunction) };
  } catch (error) {
    if (error instanceof RangeError) throw new DescentError('the formula is nested too deeply');
    throw error;
  }
}

/** All names in their order: those of the data first. */
function checkNames(columns: readonly string[], parameters: readonly string[]): string[] {
  for (const name of parameters) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new DescentError(`'${name}' is no name for a parameter: letters, digits and _ make one, a letter first`);
    }
    if (columns.includes(name)) throw new DescentError(`'${name}' is both a column and a parameter: rename one`);
    if (name in CONSTANTS || name in FUNCTIONS) {
      throw new DescentError(`'${name}' means something in formulas already: call the parameter otherwise`);
    }
  }
  return [...columns, ...parameters];
}

function parse(mathjs: typeof import('mathjs'), text: string): MathNode {
  try {
    return mathjs.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const power = text.includes('**') ? '; a power is written with ^' : '';
    throw new DescentError(`the formula '${text}' cannot be read: ${error.message}${power}`);
  }
}

const OPERATORS = ['add', 'subtract', 'multiply', 'divide', 'pow', 'unaryMinus', 'unaryPlus'];

/** Refuses all that a formula must not hold, and parameters that it does not. */
function check(tree: MathNode, text: string, columns: readonly string[], parameters: readonly string[]): void {
  const seen = new Set<string>();
  const refuse = (node: MathNode, why: string): never => {
    const words = node.toString();
    const at = text.indexOf(words);
    const where = at < 0 ? '' : `, at character ${at + 1} of '${text}'`;
    throw new DescentError(`'${words}' ${why}${where}`);
  };
  const known = [...columns, ...parameters, ...Object.keys(CONSTANTS)];
  const walk = (given: MathNode): void => {
    const node = given as Node;
    if (node.type === 'ConstantNode') {
      if (typeof node.value !== 'number') refuse(given, 'is no number');
    } else if (node.type === 'SymbolNode') {
      seen.add(node.name);
      if (!known.includes(node.name)) {
        refuse(given, `is neither a column nor a parameter of the start; known are ${known.join(', ')}`);
      }
    } else if (node.type === 'ParenthesisNode') {
      walk(node.content);
    } else if (node.type === 'OperatorNode') {
      if (!OPERATORS.includes(node.fn)) refuse(given, `has the operator ${node.op}: a formula has + - * / ^ alone`);
      node.args.forEach(walk);
    } else if (node.type === 'FunctionNode' && node.fn.type === 'SymbolNode') {
      const { name } = node.fn;
      if (!Object.hasOwn(FUNCTIONS, name)) {
        const product = known.includes(name) ? `: ${name} times something is written with *` : '';
        refuse(given, `calls '${name}', which is none of ${Object.keys(FUNCTIONS).join(', ')}${product}`);
      }
      const count = name === 'pow' ? 2 : 1;
      if (node.args.length !== count) refuse(given, `gives '${name}' ${node.args.length} values, not ${count}`);
      node.args.forEach(walk);
    } else {
      refuse(given, 'cannot stand in a formula, which has numbers, names, + - * / ^ and functions alone');
    }
  };
  walk(tree);
  const missing = parameters.find((name) => !seen.has(name));
  if (missing !== undefined) throw new DescentError(`the formula does not have the parameter '${missing}'`);
}

/** The nodes that a formula may have. */
type Node =
  | { type: 'ConstantNode'; value: unknown }
  | { type: 'SymbolNode'; name: string }
  | { type: 'ParenthesisNode'; content: MathNode }
  | { type: 'OperatorNode'; fn: string; op: string; args: MathNode[] }
  | { type: 'FunctionNode'; fn: { type: 'SymbolNode'; name: string }; args: MathNode[] }
  | { type: 'other' };

/** A part of a formula: what is a number already, and what depends on the names. */
type Part = number | Evaluator;

const asFunction = (part: Part): Evaluator => (typeof part === 'number' ? () => part : part);

/** Makes functions of real numbers: what is not real, such as the root of a negative number, is NaN. */
function compile(given: MathNode, names: readonly string[]): Part {
  const node = given as Node;
  const inner = (part: MathNode): Part => compile(part, names);
  if (node.type === 'ConstantNode') return node.value as number;
  if (node.type === 'ParenthesisNode') return inner(node.content);
  if (node.type === 'SymbolNode') {
    const at = names.indexOf(node.name);
    return at < 0 ? CONSTANTS[node.name]! : (values) => values[at]!;
  }
  if (node.type === 'FunctionNode') {
    const f = IN_DERIVATIVES[node.fn.name];
    if (f) return apply(f, node.args.map(inner));
  }
  if (node.type === 'OperatorNode') {
    const args = node.args.map(inner);
    const [a, b] = args as [Part, Part];
    if (node.fn === 'multiply') {
      if (a === 0 || b === 0) return 0;
      if (a === 1) return b;
      if (b === 1) return a;
    }
    if (node.fn === 'add' && (a === 0 || b === 0)) return a === 0 ? b : a;
    return apply(ARITHMETIC[node.fn]!, args);
  }
  throw new Error(`the derivative holds what no formula does: ${given.toString()}`);
}

const ARITHMETIC: typeof FUNCTIONS = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  // 0 times the infinity of log(0): the derivative of x^b by b, which is 0 at x = 0
  multiply: (a, b) => (a === 0 || b === 0 ? 0 : a * b),
  divide: (a, b) => a / b,
  pow: Math.pow,
  unaryMinus: (a) => -a,
  unaryPlus: (a) => a,
};

function apply(f: (...args: number[]) => number, args: Part[]): Part {
  const [a, b] = args as [Part, Part | undefined];
  if (args.every((arg) => typeof arg === 'number')) return f(...args);
  const first = asFunction(a);
  if (b === undefined) return (values) => f(first(values));
  const second = asFunction(b);
  return (values) => f(first(values), second(values));
}
