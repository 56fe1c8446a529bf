export { parseAttacks, type AttackSpec } from './attack-spec';
export type { EvaluateOptions, Evaluation } from './evaluate';
export { perPhoto, readLeastChanges, type PhotoRow } from './per-photo';
export { rowAt } from './row-at';
export { readEvaluation, writeTable } from './tables';
export type { EvaluationRow, EvaluationSummary } from './tally';
export type { EvaluationBatch, FinishedBatch, Trial } from './trial';
