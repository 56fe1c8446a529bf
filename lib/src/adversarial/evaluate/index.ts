export { ALL_ATTACKS, parseAttacks, type AttackSpec } from './attack-spec';
export { convertPicture } from './convert';
export {
  evaluate, parseShard, type EvaluateOptions, type Evaluation, type EvaluationBatch, type FinishedBatch, type Shard,
} from './evaluate';
export { evaluateBatch, type LabelledPhoto, type Trials } from './evaluate-batch';
export { mergeParts } from './merge';
export { listPhotos } from './photo-list';
export { perPhoto, type PhotoRow } from './per-photo';
export { readEvaluation } from './read-evaluation';
export { checkTableName, readPart, writeTable, type PartRow } from './tables';
export { Tally, type EvaluationRow, type EvaluationSummary } from './tally';
export { UNTOUCHED, type Trial } from './trial';
export { wilsonInterval } from './wilson';
