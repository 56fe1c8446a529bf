/** What a number is: a float, a whole number, or a truth value (0 or 1). */
export type Kind = 'float' | 'int' | 'bool';

/** The numbers that a program computes with. */
export type Precision = 'float32' | 'float64';

/** A piece of memory that one value lives in: so many numbers, one after the other. */
export interface Store {
  readonly id: string;
  readonly kind: Kind;
  readonly size: number;
  /** Where it lies: among the numbers that two programs share, or its program's own. Whole numbers lie apart. */
  readonly space: 'shared' | 'own' | 'whole';
  /** Where it begins there. */
  readonly offset: number;
}

/** Stores one after the other in the memory that programs share. */
export function sharedStores(): { store: (size: number, kind?: Kind) => Store; readonly size: number } {
  let end = 0;
  return {
    store: (size, kind = 'float') => {
      const offset = end;
      end += size;
      return { id: `shared${offset}`, kind, size, space: 'shared', offset };
    },
    get size() {
      return end;
    },
  };
}
