export { articleSpreads, type ArticleSpread } from './article';
export { anglesDegrees, minAngleDegrees, pairAnglesDegrees, rieszEnergy } from './measure';
export { crowdedVectors, evenVectors, randomVectors, unitVectors } from './starts';
export { spread, type SpreadOptions, type SpreadRecord } from './spread';
export { famousConfigurations, knownAngle, knownEnergy, type Famous, type KnownAngle } from './known';
export { defaultRestarts, leastEnergy } from './search';
export { MOST_ITERATIONS, MOST_RESTARTS, Starts, type SearchOptions, type StartBatch } from './search-options';
export type { FoundPart, SearchResult } from './found';
export { NothingFoundError, searchBatch, type SearchPlan } from './plan';
export { loadSpreadLoss } from './load-loss';
export {
  bestSpread,
  spreadMethodNames,
  spreadPlan,
  spreadPlans,
  type OwnSpreadLoss,
  type SpreadMethod,
} from './methods';
export { checkVectorFile, readVectors, writeVectors } from './vector-files';
