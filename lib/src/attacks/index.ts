export type { AttackAtSize, AttackOptions } from './attack';
export { attackNames, findAttack, type Attack, type AttackName, type Budget } from './table';
export { exampleOf } from './example-of';
export { lossAlong, type LossAlong } from './loss-along';
export type { ChangeSize } from './measure';
export {
  anywhereInBall,
  anywhereInBox,
  coinToss,
  insideBall,
  insideBox,
  sign,
  toTheBoundary,
  unitLength,
  type Normalise,
  type Project,
  type RandomStart,
  type StepContext,
} from './steps';
export type { AttackStep, AdversarialExample } from './readings';
export { throughFiles, type StoredExample } from './through-files';
