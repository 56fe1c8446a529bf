export { articleSpreads, type ArticleSpread } from './article';
export { minAngleDegrees } from './measure';
export { crowdedVectors, evenVectors, randomVectors, vectorsAt } from './starts';
export { movers, turnedDegrees } from './moves';
export { endAngles, type EndOptions, type SpreadOptions, type SpreadRecord } from './spread';
export { famousConfigurations, knownAngle, knownEnergy, type Famous, type KnownAngle } from './known';
export { leastEnergy } from './search';
export type { SearchOptions } from './search-options';
export type { SearchResult } from './found';
export { NothingFoundError } from './plan';
export { bestSpread, type OwnSpreadLoss, type SpreadMethod } from './methods';
export { readVectors, writeVectors } from './vector-files';
export {
  readCostTable,
  readFamousTable,
  readLossTable,
  readSphereTable,
  type CostRow,
  type FamousRow,
  type LossRow,
  type SphereRow,
} from './tables';
