/** One measurement's work: done once, it returns a number that the peer's work has to return too, if there is one. */
export type Work = () => number | void | Promise<number | void>;

/** What a subject's points are, by name, in the order in which they are measured. */
export type Points = Record<string, Work>;

/** The numbers from 0 up. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
