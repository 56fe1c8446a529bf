import { atLeast, between, text, whole, type Kinds } from '../data/kinds';
import { readRows } from '../data/read-rows';

/** One number of points on the sphere, as in data/spread-sphere.csv; angles in degrees. */
export interface SphereRow {
  /** How many points. */
  vectors: number;
  /** The largest least angle that was found. */
  minAngle: number;
  /** The largest that is known. */
  bestKnown: number;
  /** Random starts. */
  starts: number;
  /** How many of them ended within 0.002 degrees of the best known. */
  startsAtBestKnown: number;
  /** The least electric energy that was found. */
  energy: number;
  /** The least that is known. */
  leastKnownEnergy: number;
}

/** Where one loss ends, over several seeds, as in data/spread-losses.csv; angles in degrees. */
export interface LossRow {
  /** How many vectors. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** The loss's name, as in `articleSpreads`. */
  loss: string;
  /** How many seeds. */
  seeds: number;
  /** The least angle at the end, its mean over the seeds. */
  mean: number;
  /** The smallest of the seeds. */
  min: number;
  /** The largest. */
  max: number;
  /** The largest least angle that is known. */
  bestKnown: number;
}

/** A famous configuration and a way to look for it, as in data/spread-famous.csv. */
export interface FamousRow {
  /** The configuration's name. */
  name: string;
  /** How many vectors it has. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** How it was searched: `best`, the annealed descent, or `energy`, the electric energy alone. */
  method: string;
  /** From how many random starts. */
  starts: number;
  /** How many of them ended in it. */
  found: number;
}

/** The time of one iteration, as in data/spread-costs.csv. */
export interface CostRow {
  /** The loss's name. */
  loss: string;
  /** How many vectors. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** For an iteration. */
  milliseconds: number;
}

const degrees = between(0, 180);
const size = { vectors: whole(2), dimensions: whole(1) };

/** A table's rows, with the columns' names as code has them: `best_known` as `bestKnown`. */
const rowsOf = <Row extends object>(path: string, what: string, kinds: Kinds<Row>): Row[] => {
  const names = Object.keys(kinds) as (keyof Row & string)[];
  const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const columns = Object.fromEntries(names.map((name) => [columnOf(name), kinds[name]])) as Kinds<
    Record<string, unknown>
  >;
  const rows = readRows(path, { what: `table of ${what}`, columns, remedy: 'make the table anew' });
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[columnOf(name)]])) as Row);
};

/**
 * Reads the table of points on the sphere: a row a number of points.
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readSphereTable = (path: string): SphereRow[] =>
  rowsOf(path, 'points on the sphere', {
    vectors: size.vectors,
    minAngle: degrees,
    bestKnown: degrees,
    starts: whole(1),
    startsAtBestKnown: whole(0),
    energy: atLeast(0),
    leastKnownEnergy: atLeast(0),
  });

/**
 * Reads the table of where the article's losses end: a row a loss, number of vectors and of dimensions.
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readLossTable = (path: string): LossRow[] =>
  rowsOf(path, 'where losses end', {
    ...size,
    loss: text,
    seeds: whole(1),
    mean: degrees,
    min: degrees,
    max: degrees,
    bestKnown: degrees,
  });

/**
 * Reads the table of famous configurations: a row a configuration and way to look for it.
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readFamousTable = (path: string): FamousRow[] =>
  rowsOf(path, 'famous configurations', { ...size, name: text, method: text, starts: whole(1), found: whole(0) });

/**
 * Reads the table of what an iteration costs: a row a loss, number of vectors and of dimensions.
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readCostTable = (path: string): CostRow[] =>
  rowsOf(path, 'what an iteration costs', { ...size, loss: text, milliseconds: atLeast(0) });
