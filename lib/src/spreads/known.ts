import { DescentError } from '../errors';

/**
 * The largest least angles known for 2, 3 ... 32 points on the sphere, degrees. Source: N. J. A. Sloane, spherical
 * codes.
 */
const SPHERE_ANGLES = [
  180.0, 120.0, 109.4712206, 90.0, 90.0, 77.8695421, 74.8584922, 70.5287794, 66.146822, 63.4349488, 63.4349488,
  57.1367031, 55.67057, 53.6578501, 52.2443957, 51.0903285, 49.5566548, 47.6919141, 47.4310362, 45.6132231, 44.7401612,
  43.7099642, 43.6907671, 41.6344612, 41.0376616, 40.6776007, 39.3551436, 38.7136512, 38.5971159, 37.7098291, 37.475214,
];

/** The least electric energies known for 2, 3 ... 32 points on the sphere. Source: D. J. Wales and S. Ulker, 2006. */
const SPHERE_ENERGIES = [
  0.5, 1.732050808, 3.674234614, 6.474691495, 9.985281374, 14.452977414, 19.675287861, 25.759986531, 32.71694946,
  40.596450508, 49.165253058, 58.853230612, 69.306363297, 80.670244114, 92.911655303, 106.050404829, 120.084467447,
  135.089467557, 150.881568334, 167.641622399, 185.287536149, 203.930190663, 223.347074052, 243.812760299,
  265.133326317, 287.302615033, 310.491542358, 334.63443992, 359.603945904, 385.530838063, 412.261274651,
];

/**
 * For these numbers of points on the sphere the best known angle is proven: Fejes Toth, van der Waerden, Danzer,
 * Musin and others.
 */
const SPHERE_PROVEN = new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 24]);

/** The largest least angles found by searches like this one for 9 to 24 vectors in 4 dimensions and 11 to 16 in 5. */
const OTHER_ANGLES: { [dimensions: number]: { first: number; degrees: number[] } } = {
  4: {
    first: 9,
    degrees: [
      80.676115, 80.405932, 76.67905, 75.522488, 72.103671, 71.366186, 69.451987, 67.193002, 65.653156, 64.987283,
      64.261877, 64.261877, 61.876032, 60.139886, 60.0, 60.0,
    ],
  },
  5: { first: 11, degrees: [82.365481, 81.145162, 79.207085, 78.463041, 78.463041, 78.463041] },
};

/** A configuration so even that it has a name. */
export interface Famous {
  name: string;
  vectors: number;
  dimensions: number;
  minAngleDegrees: number;
}

const acos = (cosine: number): number => (Math.acos(cosine) * 180) / Math.PI;

/** Famous configurations; each has the largest least angle possible, which is proven. */
export const famousConfigurations: readonly Famous[] = [
  { name: 'icosahedron', vectors: 12, dimensions: 3, minAngleDegrees: acos(Math.sqrt(1 / 5)) },
  { name: 'Petersen code', vectors: 10, dimensions: 4, minAngleDegrees: acos(1 / 6) },
  { name: '24-cell', vectors: 24, dimensions: 4, minAngleDegrees: 60 },
  { name: '600-cell', vectors: 120, dimensions: 4, minAngleDegrees: 36 },
  { name: 'Clebsch code', vectors: 16, dimensions: 5, minAngleDegrees: acos(1 / 5) },
  { name: 'Schlaefli code', vectors: 27, dimensions: 6, minAngleDegrees: acos(1 / 4) },
  { name: 'E7 code', vectors: 56, dimensions: 7, minAngleDegrees: acos(1 / 3) },
  { name: 'E8 roots', vectors: 240, dimensions: 8, minAngleDegrees: 60 },
];

/** What is known about the largest least angle of so many vectors in so many dimensions, in degrees. */
export interface KnownAngle {
  /** No vectors can be further apart than this; proven. */
  bound: number;
  /** The largest least angle that anyone is known to have reached; undefined where this table knows none. */
  best?: number;
  /** Where the bound is from. */
  source: string;
}

/**
 * Looks up how far apart `vectors` vectors in `dimensions` dimensions can be, and have been, brought.
 * @throws DescentError for fewer than 2 vectors or 1 dimension
 */
export function knownAngle(vectors: number, dimensions: number): KnownAngle {
  if (!Number.isInteger(vectors) || vectors < 2) {
    throw new DescentError(`the number of vectors must be an integer of 2 or more, not ${vectors}`);
  }
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new DescentError(`the number of dimensions must be an integer of 1 or more, not ${dimensions}`);
  }
  const exact = (degrees: number, source: string): KnownAngle => ({ bound: degrees, best: degrees, source });
  if (vectors === 2) return exact(180, 'two opposite vectors');
  if (dimensions === 1) return exact(0, 'in one dimension there are two directions only');
  if (dimensions === 2) return exact(360 / vectors, 'the regular polygon');
  if (vectors <= dimensions + 1) return exact(acos(-1 / (vectors - 1)), 'the simplex (Rankin 1955)');
  if (vectors <= 2 * dimensions) return exact(90, 'the axes and their opposites (Rankin 1955)');
  const famous = famousConfigurations.find((one) => one.vectors === vectors && one.dimensions === dimensions);
  if (famous) return exact(famous.minAngleDegrees, famous.name);
  if (dimensions > 3) return { bound: 90, best: bestElsewhere(vectors, dimensions), source: 'Rankin 1955' };
  const best = SPHERE_ANGLES[vectors - 2];
  if (best !== undefined && SPHERE_PROVEN.has(vectors)) return exact(best, 'proven');
  const sixth = (Math.PI * vectors) / (vectors - 2) / 6;
  return { bound: acos((1 / Math.tan(sixth) ** 2 - 1) / 2), best, source: 'L. Fejes Toth 1943' };
}

function bestElsewhere(vectors: number, dimensions: number): number | undefined {
  const table = OTHER_ANGLES[dimensions];
  return table?.degrees[vectors - table.first];
}

/** The least electric energy known for 2 to 32 points on the sphere, undefined for others. */
export const knownEnergy = (vectors: number, dimensions: number): number | undefined =>
  dimensions === 3 ? SPHERE_ENERGIES[vectors - 2] : undefined;
