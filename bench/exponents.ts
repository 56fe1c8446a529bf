// How the cost grows with the size: cost = c * size^p.
import type { Row } from './compare';
import { exponent } from './statistics';

/** The exponent of what grows in what, over which sizes, for our side, without compiling, and a peer's if there is one. */
export interface Exponent {
  what: string;
  of: string;
  sizes: number[];
  ours: number;
  peer?: number;
}

/** All exponents that the rows hold. */
export function exponentsOf(rows: readonly Row[]): Exponent[] {
  const of = (subject: string): Row[] => rows.filter((row) => row.subject === subject);
  const vectors = of('iteration').map((row) => ({
    row,
    count: parseInt(row.point),
    dimensions: Number(row.point.split(' x ')[1]),
  }));
  const counts = [...new Set(vectors.map(({ count }) => count))];
  const widths = [...new Set(vectors.map(({ dimensions }) => dimensions))];
  const batches = (subject: string) =>
    of(subject).map((row) => ({ row, size: parseInt(row.point.replace('batch ', '')) }));
  return [
    ...widths.flatMap((width) =>
      fit(
        `spread iteration, ${width} dimensions`,
        'number of vectors, 100 and more',
        vectors
          .filter(({ dimensions, count }) => dimensions === width && count >= 100)
          .map(({ row, count }) => ({ row, size: count })),
      ),
    ),
    ...counts
      .filter((count) => count >= 500)
      .flatMap((size) =>
        fit(
          `spread iteration, ${size} vectors`,
          'dimensions',
          vectors.filter(({ count }) => count === size).map(({ row, dimensions }) => ({ row, size: dimensions })),
        ),
      ),
    ...fit('4-step attack', 'photos in a batch', batches('attack')),
    ...fit('input gradient', 'photos in a batch', batches('gradient')),
    ...fit('evaluation of two attacks', 'photos', batches('evaluation')),
  ];
}

function fit(what: string, of: string, points: { row: Row; size: number }[]): Exponent[] {
  if (points.length < 2) return [];
  const sizes = points.map(({ size }) => size);
  const peers = points.flatMap(({ row }) => row.peers['tf.function']?.median ?? []);
  return [
    {
      what,
      of,
      sizes,
      ours: exponent(
        sizes,
        points.map(({ row: { ours } }) => (ours['without compiling'] ?? ours.ours).median),
      ),
      ...(peers.length === sizes.length ? { peer: exponent(sizes, peers) } : {}),
    },
  ];
}
