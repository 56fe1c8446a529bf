export { type FastLoss } from './fast';
export { lineLoss, type Line } from './line';
export {
  articleForceLoss,
  forceLoss,
  minAngleLoss,
  minAngleVarianceLoss,
  rieszEnergyLoss,
  smoothMinimumLoss,
} from './losses';
export { logitMargin, probabilityMargin, type PhotoLoss } from './margin';
export { meanSquaredError } from './mean-squared-error';
export { type Temperature, type VarianceWeights } from './options';
export { toUnitLength, type SpreadLoss, type Vectors } from './vectors';
