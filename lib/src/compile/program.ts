// A plan as statements: what both the writer of JavaScript and the interpreter go by.
import { placeOf, type Expression, type Index, type LoopVariable } from './expressions';
import { operations, type OperationName } from './operations';
import {
  EMPTY,
  loopsOf,
  outerLoops,
  turns,
  type Fold,
  type Group,
  type Look,
  type Plan,
  type Result,
  type Whole,
  type Work,
} from './plan';
import type { Store } from './stores';
import { ADDITION, priceOfWhole } from './wholes/price';

/** A number in a statement: what was computed before has the number of its register. */
export type Term =
  | { constant: number }
  | { register: number }
  | { load: Store; at: Address }
  | { index: Address }
  | { operation: OperationName; args: readonly Term[]; rounded: boolean };

/** A place in memory: multiples of loop variables and of other whole numbers, and a constant. */
export interface Address {
  constant: number;
  terms: { factor: number; of: { loop: LoopVariable } | { part: Address; by: number; rest: boolean } | Term }[];
}

export type Statement =
  | { do: 'let'; register: number; value: Term }
  | { do: 'begin'; register: number; value: number }
  | { do: 'fold'; register: number; fold: Fold; value: Term; place?: { register: number; at: Term } }
  | { do: 'store'; store: Store; at: Address; value: Term; adds?: boolean }
  | { do: 'loop'; loop: LoopVariable; body: Statement[] }
  | { do: 'whole'; whole: Whole };

/** Statements in order, and how many registers they take. */
export interface Program {
  statements: Statement[];
  registers: number;
}

/** Writes a plan's loops as statements; each number stands in the outermost loop where it can be computed. */
export function statementsOf(plan: Plan, groups: readonly Group[], outputs: readonly Store[]): Program {
  const writer = new Statements(plan);
  groups.forEach((group) => writer.group(group));
  if (groups === plan.groups) writer.results(plan.results);
  return { statements: writer.withoutDeadStores(outputs), registers: writer.registers };
}

class Statements {
  registers = 0;
  /** What is being written, by the number of loops around it. */
  private levels: { statements: Statement[]; terms: Map<Expression, Term> }[] = [{ statements: [], terms: new Map() }];
  private uses = new Map<Expression, number>();
  private readonly ended = new Map<string, Term>();
  private readonly loaded = new Set<string>();

  constructor(private readonly plan: Plan) {}

  group(group: Group): void {
    const [whole] = group.work;
    if (whole?.whole) {
      this.piecesOf(whole.whole).forEach(({ store }) => this.loaded.add(store.id));
      this.levels[0]!.statements.push({ do: 'whole', whole: whole.whole });
      return;
    }
    const values = new Map(group.work.map((work) => [work, this.plan.look(work, group).values]));
    this.uses = new Map();
    values.forEach((all) => all.forEach(({ value }) => this.count(value)));
    this.levels.length = 1;
    group.loops.forEach(() => this.levels.push({ statements: [], terms: new Map() }));
    const depth = group.loops.length;
    const inner = group.work.filter(({ loops }) => loops.length === depth);
    inner.forEach((work) =>
      work.fold ? this.fold(work, values.get(work)!, group) : this.store(work, values.get(work)!, depth),
    );
    this.closed(depth);
    for (let level = depth; level > 0; level--) {
      const { statements } = this.levels[level]!;
      this.levels[level - 1]!.statements.push({ do: 'loop', loop: group.loops[level - 1]!, body: statements });
      this.levels.length = level;
      this.closed(level - 1);
      const outer = group.work.filter(({ loops }) => loops.length === level - 1);
      outer.forEach((work) => this.store(work, values.get(work)!, level - 1));
    }
    this.ends.clear();
  }

  /** Writes what takes the place of something else: all is computed by then, and nothing is read afterwards. */
  results(results: readonly Result[]): void {
    this.uses = new Map();
    const written = results.flatMap(({ value, target }) =>
      turns(value.shape).map((indices) => {
        const expression = value.at(indices);
        this.count(expression);
        return { expression, target, place: placeOf(indices, value.shape), loops: loopsOf(value.shape) };
      }),
    );
    this.levels.length = 1;
    const terms = written.map(({ expression, loops }) =>
      loops.length === 0 ? this.named(this.term(expression, 0), 0) : undefined,
    );
    written.forEach(({ expression, target, place, loops }, i) => {
      loops.forEach(() => this.levels.push({ statements: [], terms: new Map() }));
      const depth = loops.length;
      const value = terms[i] ?? this.term(expression, depth);
      this.levels[depth]!.statements.push({ do: 'store', store: target, at: this.address(place, depth), value });
      for (let level = depth; level > 0; level--) {
        this.levels[level - 1]!.statements.push({
          do: 'loop',
          loop: loops[level - 1]!,
          body: this.levels[level]!.statements,
        });
      }
      this.levels.length = 1;
      this.loaded.add(target.id);
    });
  }

  private piecesOf({ inputs, outputs }: Whole) {
    return [...Object.values(inputs).flat(), ...outputs];
  }

  private count(expression: Expression): void {
    const before = this.uses.get(expression) ?? 0;
    this.uses.set(expression, before + 1);
    if (before > 0) return;
    const { what } = expression;
    if ('operation' in what) what.args.forEach((arg) => this.count(arg));
    else if ('load' in what) this.countIn(what.at);
    else if ('index' in what) this.countIn(what.index);
  }

  private countIn(index: Index): void {
    index.terms.forEach(({ atom }) => {
      if ('value' in atom) this.count(atom.value);
      else if ('of' in atom) this.countIn(atom.of);
    });
  }

  private store(work: Work, values: Look['values'], level: number): void {
    const written = values.map(({ value, place }) => ({
      value: this.term(value, level),
      at: this.address(place, level),
    }));
    written.forEach(({ value, at }) => {
      this.levels[level]!.statements.push({
        do: 'store',
        store: work.target,
        at,
        value,
        ...(work.adds && { adds: true }),
      });
    });
  }

  private readonly ends = new Map<number, (() => void)[]>();

  /** Folds into registers, one for each element that the outer axes write out. */
  private fold(work: Work, values: Look['values'], group: Group): void {
    const outer = outerLoops(work).length;
    const depth = group.loops.length;
    const rank = work.axes.length - work.folded;
    const byPlace = new Map<string, { register: number; index: number; place: Index }>();
    for (const { value, place, indices } of values) {
      const key = indices
        .slice(0, rank)
        .map((index) => index.key)
        .join();
      let into = byPlace.get(key);
      if (!into) {
        into = { register: this.registers++, index: this.registers++, place };
        byPlace.set(key, into);
        const begin = work.fold === 'least' ? Infinity : work.fold === 'greatest' ? -Infinity : EMPTY[work.fold!];
        this.levels[outer]!.statements.push({ do: 'begin', register: into.register, value: begin });
        if (isPlace(work)) this.levels[outer]!.statements.push({ do: 'begin', register: into.index, value: 0 });
      }
      const term = this.term(value, depth);
      const { register } = into;
      const innermost = this.levels[depth]!.statements;
      const keep = (): void =>
        void innermost.push({
          do: 'store',
          store: work.target,
          at: this.address(place, depth),
          value: this.rounded(work, { register }),
        });
      if (work.running && work.adds) keep();
      innermost.push({
        do: 'fold', register, fold: work.fold!, value: term,
        ...(isPlace(work) && { place: { register: into.index, at: { index: this.address(indices[rank]!, depth) } } }),
      }); // prettier-ignore
      if (work.running && !work.adds) keep();
    }
    if (work.running) return;
    const end = (): void =>
      byPlace.forEach(({ register, index, place }) => {
        const { expressions } = this.plan;
        const raw = expressions.result(`raw ${work.id}:${register}`, work.target.kind, outer);
        this.levels[outer]!.terms.set(raw, isPlace(work) ? { register: index } : this.rounded(work, { register }));
        const finished = work.finish!(raw);
        this.count(finished);
        const value = this.named(this.term(finished, outer), outer);
        this.ended.set(`${work.id}:${place.key}`, value);
        this.levels[outer]!.statements.push({ do: 'store', store: work.target, at: this.address(place, outer), value });
      });
    this.ends.set(outer, [...(this.ends.get(outer) ?? []), end]);
  }

  private rounded(work: Work, term: Term): Term {
    const inexact = work.fold === 'sum' || work.fold === 'product';
    return inexact && work.target.kind === 'float' && this.plan.expressions.single
      ? { operation: 'toFloat', args: [term], rounded: true }
      : term;
  }

  private closed(level: number): void {
    this.ends.get(level)?.forEach((end) => end());
    this.ends.delete(level);
  }

  /** A number as a term at a level; kept in a register where it is used again, or further out than here. */
  private term(expression: Expression, level: number): Term {
    const { what, depth } = expression;
    if ('constant' in what) return { constant: what.constant };
    for (let at = level; at >= 0; at--) {
      const known = this.levels[at]!.terms.get(expression);
      if (known) return known;
    }
    if ('result' in what) {
      const ended = this.ended.get(what.result);
      if (!ended) throw new Error(`the fold ${what.result} has no result yet`);
      return ended;
    }
    const target = Math.min(depth, level);
    const term: Term =
      'load' in what
        ? { load: what.load, at: this.address(what.at, target) }
        : 'index' in what
          ? { index: this.address(what.index, target) }
          : { operation: what.operation, args: what.args.map((arg) => this.term(arg, target)), rounded: what.rounded };
    if ('load' in what) this.loaded.add(what.load.id);
    const again = (this.uses.get(expression) ?? 0) > 1;
    if (!again && target === level) return term;
    const named = this.named(term, target);
    this.levels[target]!.terms.set(expression, named);
    return named;
  }

  private named(value: Term, level: number): Term {
    if ('register' in value || 'constant' in value) return value;
    const register = this.registers++;
    this.levels[level]!.statements.push({ do: 'let', register, value });
    return { register };
  }

  private address({ constant, terms }: Index, level: number): Address {
    return {
      constant,
      terms: terms.map(({ atom, factor }) => ({
        factor,
        of:
          'loop' in atom
            ? { loop: atom.loop }
            : 'value' in atom
              ? this.term(atom.value, level)
              : { part: this.address(atom.of, level), by: atom.by, rest: atom.rest },
      })),
    };
  }

  /** Leaves out what is stored and never read. */
  withoutDeadStores(outputs: readonly Store[]): Statement[] {
    outputs.forEach(({ id }) => this.loaded.add(id));
    const alive = (statements: Statement[]): Statement[] =>
      statements.flatMap((statement): Statement[] => {
        if (statement.do === 'store') return this.loaded.has(statement.store.id) ? [statement] : [];
        if (statement.do !== 'loop') return [statement];
        const body = alive(statement.body);
        return body.length > 0 ? [{ ...statement, body }] : [];
      });
    return alive(this.levels[0]!.statements);
  }
}

/** In additions. */
function wholeCost({ kernel, inputs, outputs }: Whole): number {
  const [read, made] = [Object.values(inputs).flat(), outputs].map((pieces) =>
    pieces.reduce((sum, { store }) => sum + store.size, 0),
  );
  return priceOfWhole(kernel, Math.max(read!, made!)) / ADDITION;
}

const isPlace = ({ fold }: Work): boolean => fold === 'least' || fold === 'greatest';

/** What one statement costs, in additions; `inner` counts what it makes of others. */
export function costOf(statements: readonly Statement[]): number {
  const ofTerm = (term: Term): number =>
    'operation' in term
      ? term.args.reduce((sum, arg) => sum + ofTerm(arg), operations[term.operation].cost)
      : 'load' in term
        ? 1
        : 0;
  return statements.reduce((sum, statement) => {
    if (statement.do === 'loop') return sum + 3 + statement.loop.size * (1 + costOf(statement.body));
    if (statement.do === 'begin') return sum + 1;
    if (statement.do === 'whole') return sum + wholeCost(statement.whole);
    return sum + 1 + ofTerm(statement.value);
  }, 0);
}
