export { ALL_ATTACKS, parseAttacks, plannedRows, type AttackSpec, type PlannedRow } from './attack-spec';
export { evaluate, type EvaluateOptions, type Evaluation } from './evaluate';
export { evaluateBatch, type Trials } from './evaluate-batch';
export { mergeParts, parseShard, readPart, writePart, type Part, type Shard } from './parts';
export { perPhoto, type PhotoRow } from './per-photo';
export { checkTableName, readEvaluation, writeTable } from './tables';
export { Tally, wilsonInterval, type EvaluationRow, type EvaluationSummary } from './tally';
export { UNTOUCHED, type EvaluationBatch, type FinishedBatch, type Trial } from './trial';
