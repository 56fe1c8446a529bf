export { attack, UnfinishedAttackError, type AttackOptions } from './attack';
export { asSaved, roundToBytes } from './as-saved';
export { answersTo, stackPictures, type Answer } from './answers';
export { attackNames, findAttack, settle, type Attack, type Budget } from './table';
export { measureChange, type ChangeSize } from './measure';
export { parseSize } from './parse-size';
export { targetIndex, type AttackStep, type Victim } from './readings';
export { victimFiles } from './victim-files';
