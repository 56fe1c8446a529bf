/** Values that are being compared already, further up: a circle of objects comes back to them. */
type Pairs = readonly (readonly [object, object])[];

/** Whether two values are the same all the way down, as Node's `util.isDeepStrictEqual` tells it. */
export const isDeepStrictEqual = (a: unknown, b: unknown): boolean => equal(a, b, []);

function equal(a: unknown, b: unknown, above: Pairs): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a === b) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || tagOf(a) !== tagOf(b)) return false;
  if (above.some(([x, y]) => x === a && y === b)) return true;
  const pairs = [...above, [a, b] as const];
  const keys = keysOf(a);
  return (
    sameInside(a, b, pairs) &&
    keys.length === keysOf(b).length &&
    keys.every((key) => isEnumerable(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key), pairs))
  );
}

const tagOf = (value: object): string => Object.prototype.toString.call(value);

const isEnumerable = (value: object, key: PropertyKey): boolean =>
  Object.prototype.propertyIsEnumerable.call(value, key);

/** The keys of what an object has besides its inside: a typed array's elements are compared as bytes. */
const keysOf = (value: object): PropertyKey[] => [
  ...(ArrayBuffer.isView(value) ? Object.keys(value).filter((key) => !/^\d+$/.test(key)) : Object.keys(value)),
  ...Object.getOwnPropertySymbols(value).filter((key) => isEnumerable(value, key)),
];

/** Whether an object is of a kind that `read` can look into; a prototype may be anybody's. */
const kind =
  <T>(read: (value: T) => unknown) =>
  (value: unknown): value is T => {
    try {
      read(value as T);
      return true;
    } catch {
      return false;
    }
  };

const getter =
  <T extends object>(prototype: T, name: keyof T) =>
  (value: T): unknown =>
    Reflect.get(prototype, name, value);

const isDate = kind<Date>((value) => Date.prototype.getTime.call(value));
const isRegExp = kind<RegExp>(getter(RegExp.prototype, 'source'));
const isMap = kind<Map<unknown, unknown>>(getter(Map.prototype, 'size'));
const isSet = kind<Set<unknown>>(getter(Set.prototype, 'size'));
const isBuffer = kind<ArrayBuffer>(getter(ArrayBuffer.prototype, 'byteLength'));

/** What is in the box of a number, a text and so on. */
const unboxed = [Number, String, Boolean, BigInt, Symbol].map(
  ({ prototype }) =>
    (value: object) =>
      (prototype.valueOf as (this: object) => unknown).call(value),
);

/** Whether what two objects of one kind hold besides their properties is the same. */
function sameInside(a: object, b: object, pairs: Pairs): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length;
  if (isDate(a) || isDate(b)) return isDate(a) && isDate(b) && a.getTime() === b.getTime();
  if (isRegExp(a) || isRegExp(b)) {
    return isRegExp(a) && isRegExp(b) && String(a) === String(b) && a.lastIndex === b.lastIndex;
  }
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    return ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && sameBytes(bytesOf(a), bytesOf(b));
  }
  if (isBuffer(a) || isBuffer(b)) return isBuffer(a) && isBuffer(b) && sameBytes(new Uint8Array(a), new Uint8Array(b));
  if (isSet(a) || isSet(b)) return isSet(a) && isSet(b) && sameSets(a, b, pairs);
  if (isMap(a) || isMap(b)) return isMap(a) && isMap(b) && sameMaps(a, b, pairs);
  if (a instanceof Error || b instanceof Error) {
    return ['message', 'name', 'cause', 'errors'].every(
      (key) => isEnumerable(a, key) === isEnumerable(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key), pairs),
    );
  }
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  return unboxed.every((read) => {
    const isBox = kind(read);
    return isBox(a) === isBox(b) && (!isBox(a) || Object.is(read(a), read(b)));
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Takes the first of a list for which `holds`, and tells whether there was one. */
function take<T>(list: T[], holds: (one: T) => boolean): boolean {
  const at = list.findIndex(holds);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

function sameSets(a: Set<unknown>, b: Set<unknown>, pairs: Pairs): boolean {
  if (a.size !== b.size) return false;
  const others = [...b].filter((value) => !a.has(value));
  return [...a].every(
    (value) => b.has(value) || (isObject(value) && take(others, (other) => equal(value, other, pairs))),
  );
}

function sameMaps(a: Map<unknown, unknown>, b: Map<unknown, unknown>, pairs: Pairs): boolean {
  if (a.size !== b.size) return false;
  const others = [...b].filter(([key]) => isObject(key));
  return [...a].every(([key, value]) =>
    isObject(key)
      ? take(others, ([other, its]) => equal(key, other, pairs) && equal(value, its, pairs))
      : b.has(key) && equal(value, b.get(key), pairs),
  );
}
