export { articleForceLoss, forceLoss, tangentForces } from './forces';
export { lineLoss, predict, type Line } from './line';
export { logitMargin, probabilityMargin, type PhotoLoss } from './margin';
export { meanSquaredError } from './mean-squared-error';
export { minAngleLoss, minAngleVarianceLoss, type VarianceWeights } from './angle-losses';
export { nearestAngles } from './nearest';
export { rieszEnergyLoss, smoothMinimumLoss } from './energies';
export { toUnitLength, type SpreadLoss, type Vectors } from './vectors';
