export { ALL_ATTACKS, parseAttacks, type AttackSpec } from './attack-spec';
export { convertPicture } from './convert';
export {
  evaluate, parseShard, type EvaluateOptions, type Evaluation, type EvaluationBatch, type FinishedBatch, type Shard,
} from './evaluate';
export { evaluateBatch, type LabelledPhoto, type Trials } from './evaluate-batch';
export { mergeParts } from './merge';
export { listPhotos } from './photo-list';
export { readEvaluation } from './read-evaluation';
export { perPhoto, summarise, Tally, type EvaluationRow, type EvaluationSummary, type PhotoRow } from './summarise';
export { checkTableName, readPart, writeTable, type PartRow } from './tables';
export { UNTOUCHED, type Trial } from './trial';
export { wilsonInterval } from './wilson';
