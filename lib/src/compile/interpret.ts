// Statements carried out one by one, where a page's policy forbids generated code.
import { operations } from './operations';
import type { Address, Program, Statement, Term } from './program';
import type { Memory } from './write';

type Whole = Extract<Statement, { do: 'whole' }>;

/** What statements work on: registers, and the turn that each loop is in. */
interface State {
  registers: Float64Array;
  turns: Int32Array;
  memory: Memory;
}

/** A program as a function; slower than its JavaScript, with the same numbers. */
export function interpret(
  { statements, registers }: Program,
  memory: Memory,
  whole: (statement: Whole) => void,
): () => void {
  const state: State = { registers: new Float64Array(registers), turns: new Int32Array(32), memory };
  return block(statements, state, whole);
}

function block(statements: readonly Statement[], state: State, whole: (statement: Whole) => void): () => void {
  const all = statements.map((statement) => action(statement, state, whole));
  return () => {
    for (const one of all) one();
  };
}

function action(statement: Statement, state: State, whole: (statement: Whole) => void): () => void {
  const { registers, turns, memory } = state;
  switch (statement.do) {
    case 'let': {
      const value = evaluator(statement.value, state);
      return () => (registers[statement.register] = value());
    }
    case 'begin':
      return () => (registers[statement.register] = statement.value);
    case 'fold':
      return folding(statement, state);
    case 'store': {
      const { store, adds } = statement;
      const value = evaluator(statement.value, state);
      const at = addresser(statement.at, state);
      const array = memory[store.space];
      return () => {
        const place = store.offset + at();
        array[place] = adds ? array[place]! + value() : value();
      };
    }
    case 'loop': {
      const { depth, size } = statement.loop;
      const body = block(statement.body, state, whole);
      return () => {
        for (let i = 0; i < size; i++) {
          turns[depth] = i;
          body();
        }
      };
    }
    case 'whole':
      return () => whole(statement);
  }
}

function folding({ register, fold, value: term, place }: Extract<Statement, { do: 'fold' }>, state: State): () => void {
  const { registers } = state;
  const value = evaluator(term, state);
  if (place) {
    const at = evaluator(place.at, state);
    return () => {
      const next = value();
      if (fold === 'least' ? next < registers[register]! : next > registers[register]!) {
        registers[register] = next;
        registers[place.register] = at();
      }
    };
  }
  const folded = { sum: 'addDouble', product: 'multiplyDouble', minimum: 'minimum', maximum: 'maximum' } as const;
  const { compute } = operations[folded[fold as keyof typeof folded]];
  return () => (registers[register] = compute(registers[register]!, value()) as number);
}

function evaluator(term: Term, state: State): () => number {
  const { registers, memory } = state;
  if ('constant' in term) return () => term.constant;
  if ('register' in term) return () => registers[term.register]!;
  if ('index' in term) return addresser(term.index, state);
  if ('load' in term) {
    const at = addresser(term.at, state);
    const array = memory[term.load.space];
    return () => array[term.load.offset + at()]!;
  }
  const { compute } = operations[term.operation];
  const args = term.args.map((arg) => evaluator(arg, state));
  const [a, b, c] = args;
  if (term.operation === 'select') return () => (a!() ? b!() : c!()); // the other one may lie outside
  const apply = c
    ? (): number => Number(compute(a!(), b!(), c()))
    : b
      ? (): number => Number(compute(a!(), b())) // no third argument: Math.max takes all that it is given
      : (): number => Number(compute(a!()));
  return term.rounded ? () => Math.fround(apply()) : apply;
}

function addresser({ constant, terms }: Address, state: State): () => number {
  const parts = terms.map(({ factor, of }) => {
    if ('loop' in of) return () => factor * state.turns[of.loop.depth]!;
    if (!('part' in of)) {
      const value = evaluator(of, state);
      return () => factor * value();
    }
    const part = addresser(of.part, state);
    return of.rest ? () => factor * (part() % of.by) : () => factor * Math.floor(part() / of.by);
  });
  return () => parts.reduce((sum, part) => sum + part(), constant);
}
