// The door: one verb for each subject, what all of them share, and a namespace for each room.
export { DescentError } from './errors';
export { tf } from './tf';
export { Random } from './random';
export * from './descent';
export { fitLine } from './regression/fit';
export { spread } from './spreads/spread';
export { race } from './races/race';
export { attack, UnfinishedAttackError } from './attacks/attack';
export { evaluate } from './evaluation/evaluate';
export { train } from './training/train';
export * from './data';
export * from './edge';

export * as gradients from './gradients';
export * as linalg from './linalg';
export * as special from './special';
export * as losses from './losses';
export * as optimizers from './optimizers';
export * as regression from './regression';
export * as spreads from './spreads';
export * as races from './races';
export * as pictures from './pictures';
export * as classifiers from './classifiers';
export * as attacks from './attacks';
export * as evaluation from './evaluation';
export * as training from './training';
export * as figures from './figures';
