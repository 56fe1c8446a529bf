import { forgetPrograms } from 'descent-lab/internal';
import type { DescendOptions } from 'descent-lab';

/** One measurement's work: done once, it returns a number that the peer's work has to return too, if there is one. */
export type Work = () => number | void | Promise<number | void>;

/** The ways in which our side does a point's work; `ours` is the one that a user meets, and comes first. */
export type Styles = { ours: Work } & Record<string, Work>;

/** What a subject's points are, by name, in the order in which they are measured. */
export type Points = Record<string, Styles>;

/** Work that is done in one way. */
export const plain = (ours: Work): Styles => ({ ours });

/** A loop that may be compiled: with the time that compiling takes, with the plan that this left behind, and without one. */
export const compiling = (
  run: (compile: DescendOptions<Record<string, number>>['compile']) => Promise<number>,
): Styles => ({
  ours: () => {
    forgetPrograms();
    return run('auto');
  },
  'without compiling': () => run('auto'),
  tape: () => run(false),
});

/** A point of so many iterations; the peers name theirs likewise. */
export const iterationsOf = (count: number): string => `${count.toLocaleString('en')} iterations`;

/** The numbers from 0 up. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
