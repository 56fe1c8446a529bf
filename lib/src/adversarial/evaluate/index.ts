export { ALL_ATTACKS, parseAttacks, plannedRows, type AttackSpec, type PlannedRow } from './attack-spec';
export { convertPicture } from './convert';
export {
  evaluate, type EvaluateOptions, type Evaluation, type EvaluationBatch, type FinishedBatch,
} from './evaluate';
export { evaluateBatch, type LabelledPhoto, type Trials } from './evaluate-batch';
export { mergeParts } from './merge';
export { readPart, writePart, type Part } from './parts';
export { listPhotos } from './photo-list';
export { perPhoto, type PhotoRow } from './per-photo';
export { readEvaluation } from './read-evaluation';
export { parseShard, type Shard } from './shard';
export { checkTableName, writeTable } from './tables';
export { Tally, type EvaluationRow, type EvaluationSummary } from './tally';
export { UNTOUCHED, type Trial } from './trial';
export { wilsonInterval } from './wilson';
