export { articleForce, force } from './forces';
export { minAngle, minAngleVariance } from './nearest';
export { rieszEnergy, smoothMinimum } from './energies';
