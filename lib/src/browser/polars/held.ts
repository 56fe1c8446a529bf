import { refuse } from './missing';

/** What readers hold through a proxy, as they hold what nodejs-polars makes. */
export abstract class Held {
  /** What nodejs-polars calls it. */
  abstract readonly kind: string;

  /** What it has under a name that comes before its own properties: a column, a row, a cell. */
  item?(name: string): unknown;

  /** The names of what it holds, which are then all its keys. */
  keys?(): string[];

  /** Takes a value under such a name, if there may be one. */
  put?(name: string, value: unknown): boolean;
}

/** What is not listed where it is told what there is. */
const UNLISTED = ['constructor', 'item', 'keys', 'put', 'toJSON', 'writeParquet'];

const proxies = new WeakMap<object, object>();
const targets = new WeakMap<object, object>();

/** A value as readers get it. */
export function outside<T>(value: T): T {
  if (Array.isArray(value) && value[0] instanceof Held) return value.map(outside) as T;
  if (!(value instanceof Held) || targets.has(value)) return value;
  const proxy = proxies.get(value) ?? new Proxy(value, handler(value));
  proxies.set(value, proxy);
  targets.set(proxy, value);
  return proxy as T;
}

/** A value that readers gave, as it is known inside. */
export const inside = <T>(value: T): T =>
  (Array.isArray(value) ? value.map(inside) : (targets.get(value as object) ?? value)) as T;

/** A function that takes and gives what readers hold. */
export const facing =
  <A extends unknown[], R>(work: (...args: A) => R) =>
  (...args: A): R =>
    outside(work(...(args.map(inside) as A)));

/** The methods are called on the object itself: a column may be called as anything that they need of it. */
function handler(object: Held): ProxyHandler<Held> {
  return {
    get(_, name) {
      const item = typeof name === 'string' ? object.item?.(name) : undefined;
      if (item !== undefined) return outside(item);
      if (typeof name === 'string' && !(name in object)) refuse(object.kind, name, namesOf(object));
      const own: unknown = Reflect.get(object, name, object);
      return typeof own === 'function' ? facing((own as (...args: unknown[]) => unknown).bind(object)) : outside(own);
    },
    set: (_, name, value) =>
      (typeof name === 'string' && object.put?.(name, inside(value))) || Reflect.set(object, name, value, object),
    ...(object.keys && {
      has: (_, name) => object.keys!().includes(name as string),
      ownKeys: () => object.keys!(),
      getOwnPropertyDescriptor: (_, name) => ({
        configurable: true,
        enumerable: true,
        value: outside(object.item?.(name as string)),
      }),
    }),
  };
}

const namesOf = (object: object): string[] =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => !UNLISTED.includes(name));
