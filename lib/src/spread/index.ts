export { toUnitLength, type SpreadLoss, type Vectors } from './vectors';
export { nearestAngles } from './nearest';
export { minAngleLoss, minAngleVarianceLoss, type VarianceWeights } from './angle-losses';
export { articleSpreads, type ArticleSpread } from './article';
export { articleForceLoss, forceLoss, tangentForces } from './forces';
export { rieszEnergyLoss, smoothMinimumLoss } from './energies';
export { anglesDegrees, minAngleDegrees, rieszEnergy } from './measure';
export { crowdedVectors, evenVectors, randomVectors, unitVectors } from './starts';
export { spread, type SpreadOptions, type SpreadRecord } from './spread';
export { famousConfigurations, knownAngle, knownEnergy, type Famous, type KnownAngle } from './known';
export { bestSpread, defaultRestarts, leastEnergy } from './search';
export type { SearchOptions } from './search-options';
export type { SearchResult } from './found';
export { spreadMethods } from './methods';
export { checkVectorFile, readVectors, writeVectors } from './vector-files';
export { startAndTargetFigure } from './figures/start-and-target';
export { spreadRunFigure, type SpreadRunOptions, type SpreadRunView } from './figures/spread-run';
export { sphereFigure, type SphereOptions } from './figures/sphere';
export { angleHistogramFigure, angleMapsFigure, type AnglesOptions } from './figures/angles';
export {
  costFigure, endsFigure, famousFigure, lossShareFigure, sphereTableFigure, type CostRow, type Ends, type FamousRow,
  type LossRow, type SphereRow,
} from './figures/tables';
