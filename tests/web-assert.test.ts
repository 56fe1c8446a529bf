// What stands in for node:assert/strict in a page refuses what Node refuses, and begins to say why as Node does.
import native from 'node:assert/strict';
import test from 'node:test';
import { inspect, isDeepStrictEqual } from 'node:util';
import { compileFunction } from 'node:vm';
import { isDeepStrictEqual as standIn } from '../lib/src/browser/deep-equal';
import ours from '../web/src/modules/assert';

/** The part of Node's functions that the calls use. */
type Assert = typeof native;

class Own extends Error {}
const fails = (message = 'no way', properties = {}): never => {
  throw Object.assign(new TypeError(message), properties);
};
const long = 'a sentence that is longer than what stands in one line';

/** Written as texts, since Node reads the source of a call of `ok` that it can find. */
const texts = [
  ...['assert.ok(1)', 'assert.ok(0)', 'assert.ok("")', 'assert.ok(null, "said")', 'assert.ok()', 'assert.ok([])'],
  ...[
    'assert(true)',
    'assert(false)',
    'assert(0, "said")',
    'assert.strict.ok(NaN)',
    'assert.ok(0, new RangeError("own"))',
  ],
];

const calls: ((assert: Assert) => unknown)[] = [
  ...texts.map((text) => compileFunction(text, ['assert']) as (assert: Assert) => unknown),
  (assert) => assert.equal(1, 1),
  (assert) => assert.equal(1, 2),
  (assert) => assert.equal(1, '1'),
  (assert) => assert.equal(NaN, NaN),
  (assert) => assert.equal(0, -0),
  (assert) => assert.equal(1, 2, 'said'),
  (assert) => assert.equal(1, 2, new RangeError('own')),
  (assert) => assert.equal('abcdefghij', 'abcdefghik'),
  (assert) => assert.equal(long, `${long}!`),
  (assert) => assert.equal([1], [1]),
  (assert) => assert.equal({ a: 1 }, { a: 2 }),
  (assert) => assert.equal({ a: 1 }, null),
  (assert) => assert.equal(fails, native),
  (assert) => assert.equal('a\nb\nc', 'a\nB\nc'),
  (assert) => (assert.equal as (...args: unknown[]) => void)(1),
  (assert) => assert.strictEqual(2, 3),
  (assert) => assert.notEqual(1, 2),
  (assert) => assert.notEqual(1, 1),
  (assert) => assert.notEqual(long, long),
  (assert) => assert.notEqual(fails, fails),
  (assert) => assert.notStrictEqual(NaN, NaN),
  (assert) => assert.notEqual(1, 1, 'said'),
  (assert) => assert.deepEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }),
  (assert) => assert.deepEqual([1, 2, 3], [1, 2, 4]),
  (assert) => assert.deepEqual([1, 2, 3], [1, 2, 3, 4]),
  (assert) => assert.deepEqual({ a: 1 }, { a: 1, b: undefined }),
  (assert) => assert.deepEqual({ a: 1 }, { a: 1, b: 2 }, 'said'),
  (assert) => assert.deepEqual(new Map([[1, [2]]]), new Map([[1, [3]]])),
  (assert) => assert.deepEqual([Symbol('s')], [Symbol('s')]),
  (assert) => assert.deepEqual(1, 2),
  (assert) => assert.deepEqual([0], [-0]),
  (assert) => assert.deepEqual(new Float32Array([1, 2]), new Float32Array([1, 2.5])),
  (assert) => assert.deepEqual(new Error('a'), new Error('b')),
  (assert) => assert.deepEqual(Array.from({ length: 100 }, (_, i) => i), []), // prettier-ignore
  (assert) => assert.deepStrictEqual({ a: 1 }, { a: '1' }),
  (assert) => assert.notDeepEqual([1], [2]),
  (assert) => assert.notDeepEqual([1, { a: 2 }], [1, { a: 2 }]),
  (assert) => assert.notDeepStrictEqual({}, {}, 'said'),
  (assert) => assert.match('abc', /b/),
  (assert) => assert.match('abc', /x/),
  (assert) => assert.match('abc', /x/, 'said'),
  (assert) => assert.match(5 as never, /x/),
  (assert) => assert.match('abc', 'b' as never),
  (assert) => assert.doesNotMatch('abc', /x/),
  (assert) => assert.doesNotMatch('abc', /b/),
  (assert) => assert.throws(fails),
  (assert) => assert.throws(() => 1),
  (assert) => assert.throws(() => 1, 'said'),
  (assert) => assert.throws(() => 1, TypeError),
  (assert) => assert.throws(() => 1, /way/, 'said'),
  (assert) => assert.throws(fails, TypeError),
  (assert) => assert.throws(fails, RangeError),
  (assert) => assert.throws(fails, Own),
  (assert) => assert.throws(fails, Error),
  (assert) => assert.throws(fails, /no way/),
  (assert) => assert.throws(fails, /^TypeError: no way$/),
  (assert) => assert.throws(fails, /other/),
  (assert) => assert.throws(fails, /other/, 'said'),
  (assert) => assert.throws(fails, { message: 'no way' }),
  (assert) => assert.throws(fails, { message: /way/, name: 'TypeError' }),
  (assert) => assert.throws(fails, { message: 'other' }),
  (assert) => assert.throws(fails, { code: 1 }),
  (assert) => assert.throws(() => fails('x', { code: 1 }), { code: 1 }),
  (assert) => assert.throws(fails, new TypeError('no way')),
  (assert) => assert.throws(fails, new TypeError('other')),
  (assert) => assert.throws(fails, {}),
  (assert) => assert.throws(fails, (error: Error) => error.message === 'no way'),
  (assert) => assert.throws(fails, (error: Error) => error.message === 'other'),
  (assert) => assert.throws(fails, () => undefined),
  (assert) => assert.throws(fails, 'no way'),
  (assert) => assert.throws('no function' as never),
  (assert) => assert.doesNotThrow(() => 1),
  (assert) => assert.doesNotThrow(fails),
  (assert) => assert.doesNotThrow(fails, 'said'),
  (assert) => assert.doesNotThrow(fails, RangeError),
  (assert) => assert.doesNotThrow(fails, TypeError),
  (assert) => assert.rejects(Promise.reject(new TypeError('no way'))),
  (assert) => assert.rejects(Promise.resolve(1)),
  (assert) => assert.rejects(() => Promise.reject(new TypeError('no way')), { message: 'no way' }),
  (assert) => assert.rejects(() => Promise.reject(new TypeError('no way')), /other/),
  (assert) => assert.rejects(() => 1 as never),
  (assert) => assert.rejects(1 as never),
  (assert) => assert.doesNotReject(Promise.resolve(1)),
  (assert) => assert.doesNotReject(Promise.reject(new Error('no way'))),
  (assert) => assert.ifError(null),
  (assert) => assert.ifError(undefined),
  (assert) => assert.ifError(new Error('no way')),
  (assert) => assert.ifError('text'),
  (assert) => assert.fail(),
  (assert) => assert.fail('said'),
  (assert) => assert.fail(new RangeError('own')),
  (assert) => assert.strict.strict.equal(1, 2),
];

const shown = (value: unknown): string => (value instanceof Error ? String(value) : inspect(value));

/** What a call comes to: nothing, or an error of some class with some code, and how its message begins. */
async function outcome(assert: Assert, call: (assert: Assert) => unknown): Promise<unknown> {
  try {
    await call(assert);
    return 'holds';
  } catch (error) {
    const { name, message, code, actual, expected, operator } = error as Record<string, unknown>;
    const isFailure = error instanceof assert.AssertionError;
    const begins = String(message).split('\n', 1)[0];
    return { name, code, isFailure, begins, operator, values: [actual, expected].map(shown) };
  }
}

test('each call holds, or fails, as with Node', async () => {
  for (const call of calls) {
    native.deepEqual(await outcome(ours as unknown as Assert, call), await outcome(native, call), String(call));
  }
});

test('a message shows both values and where they differ', () => {
  const messageOf = (call: () => void): string => {
    try {
      call();
    } catch (error) {
      return (error as Error).message;
    }
    return native.fail('nothing was thrown');
  };
  native.equal(
    messageOf(() => ours.equal(1, 2)),
    'Expected values to be strictly equal:\n\n1 !== 2\n',
  );
  native.equal(
    messageOf(() => ours.equal('abcdefghij', 'abcdefghik')),
    "Expected values to be strictly equal:\n+ actual - expected\n\n+ 'abcdefghij'\n- 'abcdefghik'\n            ^",
  );
  native.equal(
    messageOf(() => ours.deepEqual([1, 2, 3, 4], [1, 2, 3, 5])),
    'Expected values to be strictly deep-equal:\n+ actual - expected\n\n' +
      '...\n    1,\n    2,\n    3,\n+   4\n-   5\n  ]',
  );
  native.equal(
    messageOf(() => ours.deepEqual({ a: 1 }, { a: 1, b: 2 }, 'said')),
    'said\n+ actual - expected\n\n  {\n    a: 1\n-   b: 2\n  }',
  );
});

test('an assertion that failed is an error as Node has it', () => {
  try {
    ours.equal(1, 2, 'said');
    native.fail('nothing was thrown');
  } catch (error) {
    native.ok(error instanceof ours.AssertionError && error instanceof Error, 'of its class');
    native.equal(String(error), 'AssertionError [ERR_ASSERTION]: said\n\n1 !== 2\n');
    native.match(error.stack!, /^AssertionError: said\n\n1 !== 2\n\n +at .*web-assert\.test\.ts/);
  }
});

/** Values of all kinds, each made anew for every comparison. */
const kinds: (() => unknown)[] = [
  ...[0, -0, 1, NaN, 1n, 'a', '', true, null, undefined].map((value) => () => value),
  ...[() => fails, () => ({}), () => [], () => ({ a: 1 }), () => ({ a: undefined }), () => ({ b: undefined })],
  ...[() => ({ a: 1, b: 2 }), () => ({ b: 2, a: 1 }), () => [1, 2], () => [2, 1], () => [1, undefined, 2]],
  ...[() => [1, , 2], () => new Array<number>(3), () => new Array<number>(2), () => [undefined, undefined, undefined]], // eslint-disable-line no-sparse-arrays
  ...[() => Object.assign([1, 2], { x: 1 }), () => ({ 0: 1, 1: 2, length: 2 }), () => Object.create(null) as object],
  ...[() => new Date(0), () => new Date(1), () => new Date(NaN), () => Object.assign(new Date(0), { x: 1 })],
  ...[() => /a/, () => /a/g, () => /b/, () => Object.assign(/a/g, { lastIndex: 1 })],
  ...[() => new Map(), () => new Map([[1, 2]]), () => new Map([[1, 3]]), () => new Map([[{ a: 1 }, 1]])],
  ...[() => new Map([[{ a: 1 }, 1], [{ a: 1 }, 2]]), () => new Map([[{ a: 1 }, 2], [{ a: 1 }, 1]])], // prettier-ignore
  ...[() => new Map([['x', undefined]]), () => new Map([['y', undefined]]), () => new Map([[undefined, undefined]])],
  ...[() => new Set(), () => new Set([1]), () => new Set(['1']), () => new Set([[], {}]), () => new Set([{}, []])],
  ...[() => new Set([{}, {}]), () => new Set([NaN]), () => new Set([null]), () => new Set([{}])],
  ...[
    () => new Uint8Array([1, 2]),
    () => new Uint8Array([1, 3]),
    () => new Int8Array([1, 2]),
    () => Buffer.from([1, 2]),
  ],
  ...[() => new Float32Array([0]), () => new Float32Array([-0]), () => new Float32Array([NaN])],
  ...[() => Object.assign(new Uint8Array([1, 2]), { x: 1 }), () => new ArrayBuffer(2), () => new ArrayBuffer(3)],
  ...[() => new DataView(new ArrayBuffer(2)), () => new SharedArrayBuffer(2)],
  ...[
    () => new Error('a'),
    () => new Error('b'),
    () => new TypeError('a'),
    () => Object.assign(new Error('a'), { x: 1 }),
  ],
  ...[() => new Error('a', { cause: 1 }), () => new Error('a', { cause: 2 }), () => new AggregateError([1], 'a')],
  ...[() => Object.assign(new Error('a'), { name: 'X' }), () => new AggregateError([2], 'a'), () => new Own('a')],
  ...[
    () => new Number(1),
    () => new Number(2),
    () => new String('a'),
    () => Object(1n) as unknown,
    () => new Boolean(true),
  ],
  ...[() => ({ [Symbol.for('s')]: 1 }), () => ({ [Symbol.for('s')]: 2 }), () => ({ [Symbol.for('t')]: 1 })],
  () => Object.defineProperty({}, 'hidden', { value: 1 }),
  () => circle(),
  () => ({ n: 1, self: circle() }),
  ...[
    () => ({ [Symbol.toStringTag]: 'Map' }),
    () => Object.create(Map.prototype) as object,
    () => Object.create(Date.prototype) as object,
  ],
  ...[
    () => ({ a: [{ b: new Map([[1, new Set([{ c: 1 }])]]) }] }),
    () => ({ a: [{ b: new Map([[1, new Set([{ c: 2 }])]]) }] }),
  ],
  ...[() => new URL('http://a/'), () => new URL('http://b/'), () => new Proxy({ a: 1 }, {}), () => new WeakMap()],
];

function circle(): object {
  const own: { n: number; self?: object } = { n: 1 };
  own.self = own;
  return own;
}

test('isDeepStrictEqual tells of values of all kinds what Node tells', () => {
  for (const a of kinds) {
    for (const b of kinds) {
      const [one, other] = [a(), b()];
      native.equal(standIn(one, other), isDeepStrictEqual(one, other), `${inspect(one)} and ${inspect(other)}`);
    }
    const one = a();
    native.equal(standIn(one, one), true, inspect(one));
  }
});
