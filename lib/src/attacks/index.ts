export { attack, UnfinishedAttackError, type AttackAtSize, type AttackOptions } from './attack';
export { asSaved, roundToBytes } from './as-saved';
export { answersTo, stackPictures, type Answer } from './answers';
export { attackNames, findAttack, settle, type Attack, type AttackName, type Budget } from './table';
export { loadAttack } from './load-attack';
export { measureChange, type ChangeSize } from './measure';
export { parseSize } from './parse-size';
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
export { targetIndex, type AttackStep, type Victim } from './readings';
export { victimFiles } from './victim-files';
