// Numbers as expressions of loop variables: what a recorded step computes, before it is written as loops.
import { operations, type OperationName } from './operations';
import type { Kind, Store } from './stores';

export type { Kind };

/** A loop's variable, which runs from 0 to `size` - 1; `depth` counts the loops around it. */
export interface LoopVariable {
  readonly depth: number;
  readonly size: number;
}

/** What an index is a sum of: a loop's variable, a quotient or rest of one, or a number found on the way. */
type Atom = { readonly key: string; readonly size: number; readonly depth: number } & (
  | { readonly loop: LoopVariable }
  | { readonly of: Index; readonly by: number; readonly rest: boolean }
  | { readonly value: Expression }
);

/** A whole number as a sum of multiples of atoms and a constant: addresses that the compiler can reckon with. */
export class Index {
  /** How many loops are around it. */
  readonly depth: number;
  private text: string | undefined;

  /** @param terms by the order of their atoms' keys, none of them zero */
  constructor(
    readonly constant: number,
    readonly terms: readonly { readonly atom: Atom; readonly factor: number }[],
  ) {
    let depth = 0;
    for (const { atom } of terms) if (atom.depth > depth) depth = atom.depth;
    this.depth = depth;
  }

  /** The same for the same sum; made where it is asked for, since most sums are on the way to another. */
  get key(): string {
    if (this.text === undefined) {
      this.text = String(this.constant);
      for (const { atom, factor } of this.terms) this.text += `+${factor}*${atom.key}`;
    }
    return this.text;
  }
}

/** A number of one step. Equal expressions are one object, so what is used twice is computed once. */
export interface Expression {
  readonly id: number;
  readonly kind: Kind;
  /** It stands inside so many loops. */
  readonly depth: number;
  /** What it costs to compute it anew, in additions; what it is made of included. */
  readonly cost: number;
  readonly what:
    | { readonly constant: number }
    | { readonly load: Store; readonly at: Index }
    | { readonly index: Index }
    /** What a loop has added up. */
    | { readonly result: string }
    | { readonly operation: OperationName; readonly args: readonly Expression[]; readonly rounded: boolean };
}

const loops = new Map<number, Index>();
const SMALL = Array.from({ length: 100 }, (_, constant) => new Index(constant, []));

/** The index that is always the same. */
export const fixed = (constant: number): Index => SMALL[constant] ?? new Index(constant, []);

/** The variable of a loop as an index: one object for all loops of that depth and size. */
export function loopIndex(loop: LoopVariable): Index {
  const { depth, size } = loop;
  const key = depth * 2 ** 40 + size;
  let found = loops.get(key);
  if (!found) {
    found = new Index(0, [{ atom: { key: `i${depth}:${size}`, size, depth: depth + 1, loop }, factor: 1 }]);
    loops.set(key, found);
  }
  return found;
}

/** The number if the index is always the same. */
export const constantOf = ({ terms, constant }: Index): number | undefined =>
  terms.length === 0 ? constant : undefined;

export function plus(a: Index, b: Index): Index {
  if (b.terms.length === 0) return b.constant === 0 ? a : new Index(a.constant + b.constant, a.terms);
  if (a.terms.length === 0) return a.constant === 0 ? b : new Index(a.constant + b.constant, b.terms);
  const terms: Index['terms'][number][] = [];
  let [i, j] = [0, 0];
  while (i < a.terms.length || j < b.terms.length) {
    const [p, q] = [a.terms[i], b.terms[j]];
    if (p && q && (p.atom === q.atom || p.atom.key === q.atom.key)) {
      if (p.factor + q.factor !== 0) terms.push({ atom: p.atom, factor: p.factor + q.factor });
      i++;
      j++;
    } else if (!q || (p && p.atom.key < q.atom.key)) {
      terms.push(p!);
      i++;
    } else {
      terms.push(q);
      j++;
    }
  }
  return new Index(a.constant + b.constant, terms);
}

export const times = (index: Index, factor: number): Index =>
  factor === 1
    ? index
    : factor === 0
      ? fixed(0)
      : new Index(
          index.constant * factor,
          index.terms.map((term) => ({ atom: term.atom, factor: term.factor * factor })),
        );

/** The least and the largest value of an index. */
function rangeOf({ constant, terms }: Index): [least: number, largest: number] {
  let [least, largest] = [constant, constant];
  for (const { atom, factor } of terms) {
    const reach = factor * (atom.size - 1);
    if (reach < 0) least += reach;
    else largest += reach;
  }
  return [least, largest];
}

/** An index divided by a number: the quotient, rounded down, and the rest. Exact where the index tells. */
export function divided(index: Index, by: number): [quotient: Index, rest: Index] {
  if (by === 1) return [index, fixed(0)];
  const [least, largest] = rangeOf(index);
  if (least >= 0 && largest < by) return [fixed(0), index];
  const whole = Math.floor(index.constant / by);
  const [multiples, others] = [true, false].map((is) => index.terms.filter(({ factor }) => (factor % by === 0) === is));
  const rest = new Index(index.constant - whole * by, others!);
  const [from, to] = rangeOf(rest);
  if (from >= 0 && to < by) {
    return [
      new Index(
        whole,
        multiples!.map(({ atom, factor }) => ({ atom, factor: factor / by })),
      ),
      rest,
    ];
  }
  const atom = (isRest: boolean): Index => {
    const [, most] = rangeOf(index);
    const size = isRest ? by : Math.floor(most / by) + 1;
    const key = `(${index.key})${isRest ? '%' : '/'}${by}`;
    return new Index(0, [{ atom: { key, size, depth: index.depth, of: index, by, rest: isRest }, factor: 1 }]);
  };
  return [atom(false), atom(true)];
}

/** The place in a flat list of an element by its indices. */
export const placeOf = (indices: readonly Index[], shape: readonly number[]): Index =>
  indices.reduce((place, index, axis) => plus(times(place, shape[axis]!), index), fixed(0));

/** The indices of an element by its place in a flat list. */
export function indicesAt(place: Index, shape: readonly number[]): Index[] {
  const indices: Index[] = [];
  let left = place;
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const [quotient, rest] = divided(left, shape[axis]!);
    indices[axis] = shape[axis] === 1 ? fixed(0) : rest;
    left = quotient;
  }
  if (shape.length > 0) indices[0] = shape[0] === 1 ? fixed(0) : left;
  return indices;
}

/** Makes expressions; equal ones are the same object. */
export class Expressions {
  private readonly known = new Map<string, Expression>();
  private count = 0;

  /** @param single whether floats are rounded to float32 after each operation, as tensors are */
  constructor(readonly single: boolean) {}

  private make(key: string, kind: Kind, depth: number, cost: number, what: Expression['what']): Expression {
    let found = this.known.get(key);
    if (!found) this.known.set(key, (found = { id: this.count++, kind, depth, cost, what }));
    return found;
  }

  constant(value: number, kind: Kind = 'float'): Expression {
    const held = kind === 'float' && this.single ? Math.fround(value) : value;
    return this.make(`${kind}${Object.is(held, -0) ? '-0' : held}`, kind, 0, 0, { constant: held });
  }

  load(store: Store, at: Index): Expression {
    return this.make(`${store.id}[${at.key}]`, store.kind, at.depth, 1, { load: store, at });
  }

  /** An index as a number to compute with. */
  index(index: Index): Expression {
    const constant = constantOf(index);
    if (constant !== undefined) return this.constant(constant, 'int');
    return this.make(`#${index.key}`, 'int', index.depth, 1, { index });
  }

  /** A number as an index, which is below `size`. */
  indexFrom(value: Expression, size: number): Index {
    if ('constant' in value.what) return fixed(value.what.constant);
    if ('index' in value.what) return value.what.index;
    return new Index(0, [{ atom: { key: `$${value.id}`, size, depth: value.depth, value }, factor: 1 }]);
  }

  /** What a loop has added up, by its name. */
  result(name: string, kind: Kind, depth: number): Expression {
    return this.make(`@${name}`, kind, depth, 0, { result: name });
  }

  /** Applies an operation; what is known already, or an operation that changes nothing, costs nothing. */
  apply(operation: OperationName, ...args: Expression[]): Expression {
    const { kind, cost, exact, compute } = operations[operation];
    const values = args.map(({ what }) => ('constant' in what ? what.constant : undefined));
    const result: Kind = kind === 'same' ? args.at(-1)!.kind : kind;
    if (values.every((value) => value !== undefined)) {
      return this.constant(Number(compute(...values)), result);
    }
    const simpler = this.simpler(operation, args, values);
    if (simpler) return simpler;
    const rounded = this.single && result === 'float' && !exact;
    return this.make(
      `${operation}(${args.map(({ id }) => id).join()})`,
      result,
      args.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
      args.reduce((sum, arg) => sum + arg.cost, cost),
      { operation, args, rounded },
    );
  }

  /** A small power, whole or with a half, by products and a root. */
  private halvesPower(a: Expression, power: number): Expression | undefined {
    if (power === 1) return a;
    const times = Math.abs(power);
    if (!Number.isInteger(2 * power) || times > 6 || power === 0) return undefined;
    const factors = Array.from({ length: Math.floor(times) }, () => a);
    if (times % 1 !== 0) factors.push(this.apply('squareRootDouble', a));
    const all = factors.reduce((x, y) => this.apply('multiplyDouble', x, y));
    return this.apply(power < 0 ? 'reciprocal' : 'toFloat', all);
  }

  /** The same number in less work, to the last bit; or, of powers, to the last bit but one. */
  private simpler(
    operation: OperationName,
    [a, b, c]: Expression[],
    [first, second]: (number | undefined)[],
  ): Expression | undefined {
    switch (operation) {
      case 'multiply':
        if (first === 1) return b;
        if (second === 1) return a;
        if (first === -1) return this.apply('negate', b!);
        if (second === -1) return this.apply('negate', a!);
        return undefined;
      case 'divide':
        return second === 1 ? a : undefined;
      case 'subtract':
        return second === 0 && !Object.is(second, -0) ? a : undefined;
      case 'power':
        return second === undefined ? undefined : this.halvesPower(a!, second);
      case 'select':
        if (first !== undefined) return first !== 0 ? b : c;
        return b === c ? b : undefined;
      default:
        return undefined;
    }
  }
}
