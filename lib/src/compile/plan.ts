// From arrays to loops: which values are kept in memory, and which loops make them.
import {
  constantOf,
  Expressions,
  fixed,
  loopIndex,
  placeOf,
  plus,
  times,
  type Expression,
  type Index,
  type Kind,
  type LoopVariable,
} from './expressions';
import { sizeOf } from '../shape';
import type { Precision, Store } from './stores';

/** A value as a function of its indices: nothing is computed before an element is asked for. */
export interface Elements {
  readonly shape: readonly number[];
  readonly kind: Kind;
  readonly at: (indices: readonly Index[]) => Expression;
  /** Of rows that are zeros with a single one: where that stands in each. */
  readonly ones?: Elements;
  /** Whether it depends on constants alone, and so is the same at each step. */
  readonly isSteady?: boolean;
  /** Whether it is kept in memory, once all is planned; not there where it never is. */
  readonly isKept?: () => boolean;
}

/** How a loop folds numbers into one; `least` and `greatest` give the place of that number. */
export type Fold = 'sum' | 'product' | 'minimum' | 'maximum' | 'least' | 'greatest';

/** One piece of work: loops that write or fold numbers. */
export interface Work {
  readonly id: number;
  /** The axes of the loops: those of what is made, and the `folded` last ones. */
  readonly axes: readonly number[];
  readonly folded: number;
  readonly fold?: Fold;
  /** Whether what is folded so far is kept at each turn. */
  readonly running?: boolean;
  readonly value: (indices: readonly Index[]) => Expression;
  /** What is made of a fold's result. */
  readonly finish?: (result: Expression) => Expression;
  readonly target: Store;
  /** Where in the target a number belongs. */
  readonly place: (indices: readonly Index[]) => Index;
  readonly adds?: boolean;
  /** A kernel that runs as a whole, in place of loops. */
  readonly whole?: Whole;
  readonly loops: readonly LoopVariable[];
  group?: Group;
}

/** A kernel of the plain backend that is run as it is, from stores to stores. */
export interface Whole {
  readonly kernel: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Piece | readonly Piece[]>>;
  readonly outputs: readonly Piece[];
}

/** A tensor in memory. */
export interface Piece {
  readonly store: Store;
  readonly shape: readonly number[];
}

/** What a step leaves behind where something else lay before: written once all is computed. */
export interface Result {
  readonly value: Elements;
  readonly target: Store;
}

/** Loops, one inside the other, and all the work that is done in them. */
export interface Group {
  readonly position: number;
  readonly loops: readonly LoopVariable[];
  readonly work: Work[];
}

/** Loops this short are written out. */
const SHORT = 4;
/** The most copies that writing out short loops makes. */
const COPIES = 8;
/** Computing a value again is cheaper than keeping it up to this many additions. */
const CHEAP = 3;

/** Which axes are loops, and which are written out. */
export function loopsOf(axes: readonly number[]): LoopVariable[] {
  const writtenOut = writtenOutOf(axes);
  const loops: LoopVariable[] = [];
  axes.forEach((size, axis) => {
    if (!writtenOut.has(axis)) loops.push({ depth: loops.length, size });
  });
  return loops;
}

function writtenOutOf(axes: readonly number[]): Set<number> {
  if (sizeOf(axes) <= COPIES) return new Set(axes.keys());
  const found = new Set<number>();
  let copies = 1;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const size = axes[axis]!;
    if (size > SHORT || copies * size > COPIES) continue;
    copies *= size;
    found.add(axis);
  }
  return found;
}

/** All ways to write out the short axes, as the indices of one turn of the loops. */
export function turns(axes: readonly number[]): Index[][] {
  const writtenOut = writtenOutOf(axes);
  let depth = 0;
  return axes.reduce<Index[][]>(
    (all, size, axis) => {
      if (!writtenOut.has(axis)) {
        const index = loopIndex({ depth: depth++, size });
        return all.map((indices) => [...indices, index]);
      }
      return all.flatMap((indices) => Array.from({ length: size }, (_, k) => [...indices, fixed(k)]));
    },
    [[]],
  );
}

const isShort = (axes: readonly number[]): boolean => sizeOf(axes) <= COPIES;

/** What is seen of work where it stands. */
export interface Look {
  values: { value: Expression; place: Index; indices: readonly Index[] }[];
  needs: Set<Work>;
  /** Whether it needs there what is not there yet. */
  conflict: boolean;
}

/** Builds the loops of a program. What nobody asks for is never made. */
export class Plan {
  readonly expressions: Expressions;
  /** Loops that run once, before the first step: what depends on constants alone. */
  readonly before: Group[] = [];
  readonly groups: Group[] = [];
  readonly results: Result[] = [];
  private sizes = { own: 0, whole: 0 };
  private works = 0;
  /** Whether what is made now is made before the first step. */
  private ahead = false;
  /** Where the work that is looked at stands, and what was found about it there. */
  private looking?: { group?: Group; depth: number; conflict: boolean; needs: Set<Work> };

  constructor(precision: Precision) {
    this.expressions = new Expressions(precision === 'float32');
  }

  /** How many numbers its own memory holds. */
  get memory(): Readonly<{ own: number; whole: number }> {
    return this.sizes;
  }

  /** A new store. */
  store(kind: Kind, size: number): Store {
    const space = kind === 'float' ? 'own' : 'whole';
    const offset = this.sizes[space];
    this.sizes[space] += size;
    return { id: `${space}${offset}`, kind, size, space, offset };
  }

  /** What lies in memory already. */
  stored(store: Store, shape: readonly number[]): Elements {
    return { shape, kind: store.kind, at: (indices) => this.expressions.load(store, placeOf(indices, shape)) };
  }

  /** Makes what is made in it before the first step: it depends on constants alone. */
  inAdvance<T>(make: () => T): T {
    const outside = this.ahead;
    this.ahead = true;
    try {
      return make();
    } finally {
      this.ahead = outside;
    }
  }

  /** Keeps a value in memory: in the target, or in a store of its own. */
  keep(value: Elements, { target = this.store(value.kind, sizeOf(value.shape)), before = false } = {}): Elements {
    const { shape } = value;
    const work = this.add(
      { axes: shape, folded: 0, value: value.at, target, place: (indices) => placeOf(indices, shape) },
      before,
    );
    if (before) return this.stored(target, shape);
    return this.written(target, shape, work, value.at);
  }

  /** Lets a value take the place of what lies in a store, at the end of the step. */
  result(value: Elements, target: Store): void {
    const isLong = !isShort(value.shape);
    const kept = isLong ? this.keep(value) : value;
    if (!isLong) this.look({ axes: value.shape, value: value.at, place: () => fixed(0), loops: [] });
    this.results.push({ value: kept, target });
  }

  /** Writes several values into one store, each into its place; the last one wins. */
  assemble(
    shape: readonly number[],
    kind: Kind,
    parts: readonly { value: Elements; place: (indices: readonly Index[]) => Index; adds?: boolean }[],
  ): Elements {
    const target = this.store(kind, sizeOf(shape));
    const works = parts.map(({ value, place, adds }) =>
      this.add({ axes: value.shape, folded: 0, value: value.at, target, place, adds }, false, true),
    );
    return this.written(target, shape, works.at(-1)!);
  }

  /** Folds numbers over the inner axes into one for each element of the shape. */
  fold(
    shape: readonly number[],
    inner: readonly number[],
    kind: Kind,
    fold: Fold,
    value: (outer: readonly Index[], inner: readonly Index[]) => Expression,
    finish: (result: Expression) => Expression = (result) => result,
  ): Elements {
    if (isShort(inner) && fold !== 'least' && fold !== 'greatest')
      return this.short(shape, inner, kind, fold, value, finish);
    const rank = shape.length;
    let made: Elements | undefined;
    const at = (indices: readonly Index[]): Expression => {
      if (!made) {
        const target = this.store(kind, sizeOf(shape));
        const work = this.add({
          axes: [...shape, ...inner],
          folded: inner.length,
          fold,
          value: (all) => value(all.slice(0, rank), all.slice(rank)),
          finish,
          target,
          place: (all) => placeOf(all.slice(0, rank), shape),
        });
        made = this.written(target, shape, work);
      }
      return made.at(indices);
    };
    return { shape, kind, at, isKept: () => made !== undefined };
  }

  /** A fold of few numbers is an expression. Sums are added up in doubles, as in a loop. */
  private short(
    shape: readonly number[],
    inner: readonly number[],
    kind: Kind,
    fold: Fold,
    value: (outer: readonly Index[], inner: readonly Index[]) => Expression,
    finish: (result: Expression) => Expression,
  ): Elements {
    const { expressions } = this;
    const operation = (
      { sum: 'addDouble', product: 'multiplyDouble', minimum: 'minimum', maximum: 'maximum' } as const
    )[fold as 'sum'];
    return {
      shape,
      kind,
      at: (outer) => {
        const all = turns(inner).map((indices) => value(outer, indices));
        if (all.length === 0) return finish(expressions.constant(EMPTY[fold], kind));
        if (all.length === 1) return finish(all[0]!);
        const folded = all.reduce((a, b) => expressions.apply(operation, a, b));
        const isRounded = kind === 'float' && (fold === 'sum' || fold === 'product');
        return finish(isRounded ? expressions.apply('toFloat', folded) : folded);
      },
    };
  }

  /** The same as a fold along one axis of the shape, where each element is what is folded up to there. */
  running(
    value: Elements,
    axis: number,
    fold: 'sum' | 'product',
    { exclusive = false, reverse = false } = {},
  ): Elements {
    const { shape, kind } = value;
    const order = [...shape.keys()].filter((i) => i !== axis);
    const size = shape[axis]!;
    const target = this.store(kind, sizeOf(shape));
    const restore = (indices: readonly Index[]): Index[] => {
      const all: Index[] = [];
      order.forEach((to, i) => (all[to] = indices[i]!));
      const along = indices.at(-1)!;
      all[axis] = reverse ? plus(fixed(size - 1), times(along, -1)) : along;
      return all;
    };
    const work = this.add(
      {
        axes: [...order.map((i) => shape[i]!), size],
        folded: 1,
        fold,
        running: true,
        adds: exclusive,
        value: (indices) => value.at(restore(indices)),
        target,
        place: (indices) => placeOf(restore(indices), shape),
      },
      false,
      true,
    );
    return this.written(target, shape, work);
  }

  /** Runs a kernel as a whole. */
  whole(
    kernel: string,
    attributes: Whole['attributes'],
    inputs: Record<string, Elements | Elements[]>,
    outputs: { shape: readonly number[]; kind: Kind }[],
  ): Elements[] {
    const piece = (value: Elements): Piece => {
      const store = this.store(value.kind, sizeOf(value.shape));
      this.keep(value, { target: store });
      return { store, shape: value.shape };
    };
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, Array.isArray(value) ? value.map(piece) : piece(value)]),
    );
    const pieces = outputs.map(({ shape, kind }): Piece => ({ store: this.store(kind, sizeOf(shape)), shape }));
    const work: Work = {
      id: this.works++, axes: [], folded: 0, loops: [], target: pieces[0]!.store,
      value: () => this.expressions.constant(0), place: () => fixed(0),
      whole: { kernel, attributes, inputs: given, outputs: pieces },
    }; // prettier-ignore
    this.enter(this.ahead ? this.before : this.groups, work);
    return pieces.map(({ store, shape }) => this.written(store, shape, work));
  }

  /** A value whose elements are worked out once for each place that they are looked at from. */
  remembered(value: Elements): Elements {
    const known = new Map<string, Expression>();
    let from: Plan['looking'];
    const at = (indices: readonly Index[]): Expression => {
      if (from !== this.looking) known.clear();
      from = this.looking;
      const key = indices.map((index) => index.key).join(';');
      let found = known.get(key);
      if (!found) {
        found = value.at(indices);
        known.set(key, found);
      }
      return found;
    };
    return { ...value, at };
  }

  /**
   * A value that is used so many times: it is kept where that is cheaper than to compute it each time. What changes from
   * element to element but little, and what is short, is left to be computed where it is used.
   */
  shared(value: Elements, uses: number): Elements {
    if (uses <= 1 || isShort(value.shape)) return value;
    let kept: Elements | undefined;
    const at = (indices: readonly Index[]): Expression => {
      if (kept) return kept.at(indices);
      if (value.at(turns(value.shape)[0]!).cost <= CHEAP) return value.at(indices);
      kept = this.keep(value);
      return kept.at(indices);
    };
    return { ...value, at, isKept: () => kept !== undefined || (value.isKept?.() ?? false) };
  }

  /** What work has written: read from memory, or as the expression itself where it is made in the same turn of a loop. */
  private written(
    target: Store,
    shape: readonly number[],
    work: Work,
    value?: (indices: readonly Index[]) => Expression,
  ): Elements {
    const { expressions } = this;
    const at = (indices: readonly Index[]): Expression => {
      const { looking } = this;
      looking?.needs.add(work);
      const isHere = looking?.group !== undefined && work.group === looking.group;
      if (
        work.fold &&
        !work.running &&
        outerLoops(work).length === 0 &&
        indices.every((index) => constantOf(index) !== undefined)
      ) {
        if (isHere) looking.conflict = true; // it is there when the loops have ended
        return this.resultOf(work, placeOf(indices, shape));
      }
      if (isHere) {
        const inTurn = sameTurn(indices, shape, work);
        if (value && inTurn && looking.depth === work.loops.length) return value(indices);
        if (
          work.fold &&
          !work.running &&
          inTurn &&
          looking.depth === outerLoops(work).length &&
          looking.depth < looking.group!.loops.length
        ) {
          return this.resultOf(work, placeOf(indices, shape));
        }
        looking.conflict = true;
      }
      return expressions.load(target, placeOf(indices, shape));
    };
    return { shape, kind: target.kind, at };
  }

  /** What a fold has come to, in the loops where it ends. */
  private resultOf(work: Work, place: Index): Expression {
    return this.expressions.result(`${work.id}:${place.key}`, work.target.kind, outerLoops(work).length);
  }

  private add(given: Omit<Work, 'id' | 'loops'>, before = false, alone = false): Work {
    const work: Work = { ...given, id: this.works++, loops: loopsOf(given.axes) };
    if (before && !this.ahead) return this.inAdvance(() => this.enteredInAdvance(work));
    if (this.ahead) return this.enteredInAdvance(work);
    this.schedule(work, alone);
    return work;
  }

  private enteredInAdvance(work: Work): Work {
    this.look(work); // what it needs is made first
    this.enter(this.before, work);
    return work;
  }

  private enter(groups: Group[], work: Work): void {
    const group: Group = { position: groups.length, loops: work.loops, work: [work] };
    groups.push(group);
    work.group = group;
  }

  /** Puts work into loops that are there already, if it has all that it needs there; or else into its own. */
  private schedule(work: Work, alone: boolean): void {
    const { needs } = this.look(work);
    const first = Math.max(-1, ...[...needs].map(({ group }) => group?.position ?? -1));
    if (!alone) {
      for (const group of this.groups.slice(Math.max(first, 0))) {
        if (!this.fits(work, group)) continue;
        work.group = group;
        if (!this.look(work, group).conflict) {
          group.work.push(work);
          return;
        }
        work.group = undefined;
      }
    }
    this.enter(this.groups, work);
  }

  /** Whether the loops of the work are those of the group, or the outer ones of them. */
  private fits(work: Work, { loops, work: others }: Group): boolean {
    if (others.some(({ whole, running, target, adds }) => whole || running || adds || target.id === work.target.id))
      return false;
    if (work.loops.length > loops.length) return false;
    if (!work.loops.every(({ size }, depth) => size === loops[depth]!.size)) return false;
    return work.loops.length === loops.length || (!work.fold && work.loops.length > 0);
  }

  /**
   * The numbers that work makes in one turn of its loops, each with its place, as they stand in a group or by themselves;
   * what it needs, and whether it can be done there.
   */
  look(work: Pick<Work, 'axes' | 'value' | 'place' | 'loops'>, group?: Group): Look {
    const before = this.looking;
    const looking = { group, depth: work.loops.length, conflict: false, needs: new Set<Work>() };
    this.looking = looking;
    try {
      const values = turns(work.axes).map((indices) => ({
        value: work.value(indices),
        place: work.place(indices),
        indices,
      }));
      return { values, needs: looking.needs, conflict: looking.conflict };
    } finally {
      this.looking = before;
    }
  }
}

export const EMPTY: Record<Fold, number> = {
  sum: 0,
  product: 1,
  minimum: Infinity,
  maximum: -Infinity,
  least: 0,
  greatest: 0,
};

/** The loops of what a fold makes, without those that it folds over. */
export function outerLoops(work: Work): readonly LoopVariable[] {
  const writtenOut = writtenOutOf(work.axes);
  const outer = work.axes.slice(0, work.axes.length - work.folded).filter((_, axis) => !writtenOut.has(axis)).length;
  return work.loops.slice(0, outer);
}

/** Whether these are the indices of the turn that the work's own loops are in. */
function sameTurn(indices: readonly Index[], shape: readonly number[], work: Work): boolean {
  const writtenOut = writtenOutOf(work.axes);
  let depth = 0;
  return indices.every((index, axis) => {
    if (writtenOut.has(axis)) return constantOf(index) !== undefined;
    return index.key === loopIndex({ depth: depth++, size: shape[axis]! }).key;
  });
}
