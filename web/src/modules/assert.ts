// What stands in for node:assert/strict in a page: the same functions, the same errors.
import { inspect, isDeepStrictEqual } from 'node:util';
import { DescentError } from 'descent-lab';
import { AssertionError, messageOf, type Failure } from './assertion-error';

export { AssertionError };

type Message = string | Error;
/** The function that was called, the name that it has where no minifier took it, and what it waits for. */
interface Caller {
  from: (...args: never[]) => unknown;
  operator: string;
  what?: 'exception' | 'rejection';
}

/** What an error must be: of a class, like a text, with these properties, or as a function says. */
type Expected = RegExp | object | ((error: unknown) => unknown) | (new (...args: never[]) => unknown);

/** Throws what a failed assertion throws: the reader's own error, if there is one. */
function failing({ message, ...failure }: Omit<Failure, 'message'> & { message?: Message }): never {
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...failure, message });
}

/** An error of a call that is wrong itself, as Node makes it. */
function misuse(code: string, message: string): TypeError {
  return Object.assign(new TypeError(message), { code });
}

const typeError = (name: string, wanted: string, value: unknown): TypeError =>
  misuse('ERR_INVALID_ARG_TYPE', `The "${name}" argument must be ${wanted}. Received ${received(value)}`);

function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return `type ${typeof value} (${inspect(value)})`;
}

/** Whether `value` is truthy. */
export function ok(...args: [value?: unknown, message?: Message]): void {
  checkOk(ok, args);
}

function checkOk(from: Caller['from'], args: [value?: unknown, message?: Message]): void {
  const [value, message] = args;
  if (value) return;
  const none = args.length === 0 ? 'No value argument passed to `assert.ok()`' : undefined;
  failing({ actual: value, expected: true, operator: '==', message: message ?? none, from });
}

/** A comparison of two values that fails unless `holds`. */
function comparison(operator: string, holds: (actual: unknown, expected: unknown) => boolean) {
  return function compare(...args: [actual?: unknown, expected?: unknown, message?: Message]): void {
    if (args.length < 2) {
      throw misuse('ERR_MISSING_ARGS', 'The "actual" and "expected" arguments must be specified');
    }
    const [actual, expected, message] = args;
    if (!holds(actual, expected)) failing({ actual, expected, operator, message, from: compare });
  };
}

export const strictEqual = comparison('strictEqual', Object.is);
export const notStrictEqual = comparison('notStrictEqual', (a, b) => !Object.is(a, b));
export const deepStrictEqual = comparison('deepStrictEqual', isDeepStrictEqual);
export const notDeepStrictEqual = comparison('notDeepStrictEqual', (a, b) => !isDeepStrictEqual(a, b));

export { strictEqual as equal, notStrictEqual as notEqual, deepStrictEqual as deepEqual };
export { notDeepStrictEqual as notDeepEqual };

/** Fails. */
export function fail(message: Message = 'Failed'): never {
  return failing({ operator: 'fail', message, from: fail });
}

/** Whether a text matches. */
export function match(text: string, pattern: RegExp, message?: Message): void {
  checkMatch({ from: match, operator: 'match' }, text, pattern, message);
}

/** Whether a text does not match. */
export function doesNotMatch(text: string, pattern: RegExp, message?: Message): void {
  checkMatch({ from: doesNotMatch, operator: 'doesNotMatch' }, text, pattern, message);
}

function checkMatch(caller: Caller, text: string, pattern: RegExp, message?: Message): void {
  if (!(pattern instanceof RegExp)) throw typeError('regexp', 'an instance of RegExp', pattern);
  const wanted = caller.operator === 'match';
  if (typeof text === 'string' && pattern.test(text) === wanted) return;
  const problem =
    typeof text !== 'string'
      ? `The "string" argument must be of type string. Received type ${typeof text} (${inspect(text)})`
      : `The input ${wanted ? 'did not' : 'was expected to not'} match the regular expression ${inspect(pattern)}. ` +
        `Input:\n\n${inspect(text)}\n`;
  failing({ ...caller, actual: text, expected: pattern, message: message ?? problem });
}

/** Stands for the error of what threw none. */
const NONE = Symbol('no error');

function thrownBy(work: () => unknown): unknown {
  if (typeof work !== 'function') throw typeError('fn', 'of type function', work);
  try {
    work();
  } catch (error) {
    return error;
  }
  return NONE;
}

async function rejectedBy(work: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  const promise = typeof work === 'function' ? work() : work;
  if (typeof promise?.then !== 'function') {
    throw typeof work === 'function'
      ? misuse(
          'ERR_INVALID_RETURN_VALUE',
          'Expected instance of Promise to be returned from the "promiseFn" function ' +
            `but got ${received(promise)}.`,
        )
      : typeError('promiseFn', 'of type function or an instance of Promise', work);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NONE;
}

/** Whether a function throws, and what. */
export function throws(work: () => unknown, expected?: Expected | string, message?: Message): void {
  const caller = { from: throws, operator: 'throws', what: 'exception' } as const;
  checkError(caller, thrownBy(work), expected, message);
}

/** Whether a promise is rejected, and with what. */
export async function rejects(
  work: Promise<unknown> | (() => Promise<unknown>),
  expected?: Expected | string,
  message?: Message,
): Promise<void> {
  const caller = { from: rejects, operator: 'rejects', what: 'rejection' } as const;
  checkError(caller, await rejectedBy(work), expected, message);
}

/** Whether a function throws nothing. */
export function doesNotThrow(work: () => unknown, expected?: Expected | string, message?: Message): void {
  const caller = { from: doesNotThrow, operator: 'doesNotThrow', what: 'exception' } as const;
  checkNoError(caller, thrownBy(work), expected, message);
}

/** Whether a promise is not rejected. */
export async function doesNotReject(
  work: Promise<unknown> | (() => Promise<unknown>),
  expected?: Expected | string,
  message?: Message,
): Promise<void> {
  const caller = { from: doesNotReject, operator: 'doesNotReject', what: 'rejection' } as const;
  checkNoError(caller, await rejectedBy(work), expected, message);
}

/** Throws what is there, unless it is null or undefined: the error that a callback gets. */
export function ifError(value: unknown): void {
  if (value === null || value === undefined) return;
  const text = value instanceof Error ? value.message || value.constructor.name : inspect(value);
  const message = `ifError got unwanted exception: ${text}`;
  failing({ actual: value, expected: null, operator: 'ifError', message, from: ifError });
}

function checkError(caller: Caller, actual: unknown, expected: Expected | string | undefined, message?: Message): void {
  if (typeof expected === 'string') {
    if ((actual as Error | undefined)?.message === expected || actual === expected) {
      throw misuse(
        'ERR_AMBIGUOUS_ARGUMENT',
        `The "error/message" argument is ambiguous. The error message "${expected}" is identical to the message.`,
      );
    }
    return checkError(caller, actual, undefined, expected);
  }
  if (actual === NONE) {
    const name = (expected as { name?: string } | undefined)?.name;
    const details = (name ? ` (${name})` : '') + (message ? `: ${String(message)}` : '.');
    failing({ ...caller, expected, message: `Missing expected ${caller.what}${details}` });
  }
  if (!expected) return;
  const problem = mismatch(actual, expected);
  if (problem === undefined) return;
  failing({ ...caller, actual, expected, message: message ?? problem });
}

/** What an error is that was not expected; undefined where it is as expected. */
function mismatch(actual: unknown, expected: Expected): string | undefined {
  if (expected instanceof RegExp) {
    if (expected.test(String(actual))) return undefined;
    return `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(actual))}\n`;
  }
  if (typeof expected === 'object') return differing(actual, expected);
  if (isClassOf(expected, actual)) return undefined;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) return wrongClass(actual, expected.name);
  const answer = (expected as (error: unknown) => unknown)(actual);
  if (answer === true) return undefined;
  const caught = actual instanceof Error ? `\n\nCaught error:\n\n${String(actual)}` : '';
  const name = expected.name ? `"${expected.name}" ` : '';
  return `The ${name}validation function is expected to return "true". Received ${inspect(answer)}${caught}`;
}

/** Arrow functions are no classes, and have no prototype. */
const isClassOf = (expected: Expected, actual: unknown): boolean =>
  typeof expected === 'function' && 'prototype' in expected && expected.prototype !== undefined
    ? actual instanceof expected
    : false;

function wrongClass(actual: unknown, wanted: string): string {
  const start = `The error is expected to be an instance of "${wanted}". Received `;
  if (!(actual instanceof Error)) return `${start}"${inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor.name || actual.name;
  const found = name === wanted ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return start + found + (actual.message ? `\n\nError message:\n\n${actual.message}` : '');
}

/** An error beside the properties that it was to have; a text may be given by what it matches. */
function differing(actual: unknown, expected: object): string | undefined {
  const operator = 'deepStrictEqual';
  if (typeof actual !== 'object' || actual === null) return messageOf({ actual, expected, operator });
  const keys = [...Object.keys(expected), ...(expected instanceof Error ? ['name', 'message'] : [])];
  if (keys.length === 0) {
    throw misuse(
      'ERR_INVALID_ARG_VALUE',
      `The argument 'error' may not be an empty object. Received ${inspect(expected)}`,
    );
  }
  const ours: Record<string, unknown> = {},
    theirs: Record<string, unknown> = {};
  for (const key of keys) {
    const wanted: unknown = Reflect.get(expected, key);
    const value: unknown = Reflect.get(actual, key);
    const matches = typeof value === 'string' && wanted instanceof RegExp && wanted.test(value);
    if (key in actual) ours[key] = value;
    theirs[key] = matches ? value : wanted;
  }
  return isDeepStrictEqual(ours, theirs) ? undefined : messageOf({ actual: ours, expected: theirs, operator });
}

function checkNoError(
  caller: Caller,
  actual: unknown,
  expected: Expected | string | undefined,
  message?: Message,
): void {
  if (actual === NONE) return;
  if (typeof expected === 'string') return checkNoError(caller, actual, undefined, expected);
  if (expected && mismatch(actual, expected) !== undefined) throw actual;
  const details = message ? `: ${String(message)}` : '.';
  const problem = `Got unwanted ${caller.what}${details}\nActual message: "${(actual as Error | undefined)?.message}"`;
  failing({ ...caller, actual, expected, message: problem });
}

/** Whether a value is truthy, and all the other functions. */
const assert = withFunctions({
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
});

/** node:assert as it is without `strict`: there `equal` takes 1 for '1'. */
export const legacy = withFunctions({
  equal: comparison('==', (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b))),
  notEqual: comparison('!=', (a, b) => a != b && !(Number.isNaN(a) && Number.isNaN(b))),
  deepEqual: notHere,
  notDeepEqual: notHere,
});

function withFunctions<T extends object>(own: T) {
  const whole = Object.assign(
    function assert(...args: [value?: unknown, message?: Message]): void {
      checkOk(assert, args);
    },
    {
      ...{ AssertionError, ok, fail, match, doesNotMatch, throws, rejects, doesNotThrow, doesNotReject, ifError },
      ...{ strictEqual, notStrictEqual, deepStrictEqual, notDeepStrictEqual },
    },
    own,
  );
  return Object.defineProperty(whole, 'strict', { enumerable: true, get: (): unknown => assert }) as typeof whole & {
    readonly strict: unknown;
  };
}

function notHere(): never {
  throw new DescentError(
    "deepEqual of node:assert, which takes 1 for '1', is not there in a page: use deepStrictEqual, or node:assert/strict",
  );
}

export { assert as strict };
export default assert;
