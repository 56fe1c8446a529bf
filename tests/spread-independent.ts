// The spread losses once more, in double precision, from their definitions, pair by pair: shares no code with the
// library.

export const dot = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
export const minus = (a: number[], b: number[]): number[] => a.map((x, k) => x - b[k]!);
export const scaled = (a: number[], factor: number): number[] => a.map((x) => x * factor);
export const unit = (a: number[]): number[] => scaled(a, 1 / Math.sqrt(dot(a, a)));

/** Radians, by the law of cosines on the chord: neither acos of a product nor atan2. */
export const angle = (a: number[], b: number[]): number => {
  const chord = minus(unit(a), unit(b));
  return 2 * Math.asin(Math.min(1, Math.sqrt(dot(chord, chord)) / 2));
};

export const leastAngleDegrees = (vectors: number[][]): number => {
  let least = Infinity;
  vectors.forEach((a, i) =>
    vectors.slice(0, i).forEach((b) => {
      least = Math.min(least, angle(a, b));
    }),
  );
  return (least * 180) / Math.PI;
};

export const nearest = (vectors: number[][]): number[] =>
  vectors.map((a) => Math.min(...vectors.filter((b) => b !== a).map((b) => angle(a, b))));

export const minAngle = (vectors: number[][]): number => -Math.min(...nearest(vectors));

export const variance = (vectors: number[][]): number => {
  const angles = nearest(vectors);
  const mean = angles.reduce((sum, x) => sum + x, 0) / angles.length;
  return angles.reduce((sum, x) => sum + (x - mean) ** 2, 0);
};

export const minAngleVariance = (vectors: number[][]): number =>
  -(Math.min(...nearest(vectors)) - 0.4 * variance(vectors));

export const tangentForces = (vectors: number[][]): number[][] => {
  const units = vectors.map(unit);
  return units.map((a) => {
    let force = a.map(() => 0);
    for (const b of units) {
      if (b === a) continue;
      const difference = minus(a, b);
      force = force.map((x, k) => x + difference[k]! / dot(difference, difference) ** 1.5);
    }
    return minus(force, scaled(a, dot(force, a)));
  });
};

export const force = (vectors: number[][]): number =>
  tangentForces(vectors).reduce((sum, t) => sum + Math.sqrt(dot(t, t)), 0);

export const articleForce = (vectors: number[][]): number =>
  tangentForces(vectors).reduce((sum, t) => sum + Math.abs(t.reduce((all, x) => all + x, 0)), 0);

export const energy = (vectors: number[][], power: number): number => {
  const units = vectors.map(unit);
  let sum = 0;
  units.forEach((a, i) =>
    units.slice(0, i).forEach((b) => {
      sum += dot(minus(a, b), minus(a, b)) ** (-power / 2);
    }),
  );
  return sum;
};

export const smoothMinimum = (vectors: number[][], temperature: number): number => {
  const least = 2 * Math.sin(-minAngle(vectors) / 2); // the unit of length, so that no power overflows
  const units = vectors.map(unit);
  let sum = 0;
  units.forEach((a, i) =>
    units.slice(0, i).forEach((b) => {
      sum += (Math.sqrt(dot(minus(a, b), minus(a, b))) / least) ** (-1 / temperature);
    }),
  );
  return temperature * Math.log(sum) - Math.log(least);
};

/** The gradient of a function of vectors by central differences. */
export function differences(f: (vectors: number[][]) => number, vectors: number[][], step = 1e-6): number[][] {
  return vectors.map((row, i) =>
    row.map((_, k) => {
      const moved = (by: number): number[][] =>
        vectors.map((r, j) => (j === i ? r.map((x, l) => (l === k ? x + by : x)) : r));
      return (f(moved(step)) - f(moved(-step))) / (2 * step);
    }),
  );
}
