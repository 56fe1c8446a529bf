import { inspect } from 'node:util';

/** The sentences that say what was expected, by the operator that was used. */
const EXPECTED = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
};

const SAME_REFERENCE = 'Expected "actual" to be reference-equal to "expected":';
const OTHER_REFERENCE = 'Expected "actual" not to be reference-equal to "expected":';
const ALIKE = 'Values have same structure but are not reference-equal:';

/** Two values that are no longer than this stand in one line. */
const SHORT = 12;

/** How many lines that are the same are shown around those that differ, and how many of a value at all. */
const AROUND = 3,
  MOST_LINES = 50;

/** What an assertion that failed is made of. */
export interface Failure {
  actual?: unknown;
  expected?: unknown;
  operator?: string;
  message?: string;
  /** The function that the stack begins below. */
  from?: (...args: never[]) => unknown;
}

/** What a failed assertion throws, as Node's `assert.AssertionError`. */
export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage: boolean;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator?: string;

  constructor(failure: Failure) {
    super(messageOf(failure));
    this.generatedMessage = failure.message === undefined;
    this.actual = failure.actual;
    this.expected = failure.expected;
    this.operator = failure.operator;
    // Chromium alone leaves out what stands above the reader's own code.
    if (failure.from) Error.captureStackTrace?.(this, failure.from);
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  static {
    // On the prototype, so that a stack begins with it, and by hand, so that a minifier leaves it as it is.
    Object.defineProperty(this.prototype, 'name', { value: 'AssertionError', writable: true, configurable: true });
  }
}

/** What an assertion that failed says. */
export function messageOf({ actual, expected, operator = 'fail', message }: Failure): string {
  const isObject = (typeof actual === 'object' && actual !== null) || typeof actual === 'function';
  if (operator === 'strictEqual' || operator === 'deepStrictEqual') {
    const apart = operator === 'strictEqual' && isObject && typeof actual === typeof expected && expected !== null;
    return difference(
      message ?? (apart ? SAME_REFERENCE : EXPECTED[operator]),
      actual,
      expected,
      message === undefined,
    );
  }
  if (message !== undefined) return message;
  if (operator === 'notStrictEqual' || operator === 'notDeepStrictEqual') {
    const title = operator === 'notStrictEqual' && isObject ? OTHER_REFERENCE : EXPECTED[operator];
    const lines = linesOf(actual);
    if (lines.length > 1) return `${title}\n\n${shortened(lines).join('\n')}\n`;
    return `${title}${lines[0]!.length > 5 ? '\n\n' : ' '}${lines[0]}`;
  }
  return `${limited(actual)} ${operator} ${limited(expected)}`;
}

/** An error without its stack, which it shares with no other. */
const stackless = (error: Error): unknown =>
  Object.assign(Object.create(Object.getPrototypeOf(error) as object) as object, { ...error, message: error.message });

const linesOf = (value: unknown): string[] =>
  inspect(value instanceof Error ? stackless(value) : value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    sorted: true,
    getters: true,
  }).split('\n');

const shortened = (lines: string[]): string[] =>
  lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '...'] : lines;

function limited(value: unknown): string {
  const text = linesOf(value).join('\n');
  return text.length > 512 ? `${text.slice(0, 509)}...` : text;
}

/** Both values, line by line: what they begin and end with alike, and between them what differs. */
function difference(title: string, actual: unknown, expected: unknown, mayBeAlike: boolean): string {
  const [ours, theirs] = [linesOf(actual), linesOf(expected)];
  if (ours.join('\n') === theirs.join('\n')) {
    return `${mayBeAlike ? ALIKE : title}\n\n${shortened(ours).join('\n')}\n`;
  }
  const isPlain = [actual, expected].every((value) => typeof value !== 'object' || value === null);
  const inOne = ours.length === 1 && theirs.length === 1;
  if (inOne && isPlain && ours[0]!.length + theirs[0]!.length <= SHORT) {
    return `${title}\n\n${ours[0]} !== ${theirs[0]}\n`;
  }
  const same = (a?: string, b?: string): boolean => a?.replace(/,$/, '') === b?.replace(/,$/, '');
  const least = Math.min(ours.length, theirs.length);
  let head = 0,
    tail = 0;
  while (head < least && same(ours[head], theirs[head])) head++;
  while (tail < least - head && same(ours.at(-1 - tail), theirs.at(-1 - tail))) tail++;
  const part = (lines: string[], sign: string): string[] =>
    shortened(lines.slice(head, lines.length - tail)).map((line) => `${sign} ${line}`);
  const before = ours.slice(0, head).map((line) => `  ${line}`);
  const after = ours.slice(ours.length - tail).map((line) => `  ${line}`);
  const lines = [
    ...(before.length > AROUND ? ['...', ...before.slice(-AROUND)] : before),
    ...part(ours, '+'),
    ...part(theirs, '-'),
    ...(after.length > AROUND ? [...after.slice(0, AROUND), '...'] : after),
  ];
  return `${title}\n+ actual - expected\n\n${lines.join('\n')}${inOne ? caret(ours[0]!, theirs[0]!) : ''}`;
}

/** A line that points to the first letter that differs, where it is not at the start. */
function caret(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  return at > 2 && a.length + b.length < 80 ? `\n  ${' '.repeat(at)}^` : '';
}
