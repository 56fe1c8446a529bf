export { chain, type OptimizerMaker } from './chain';
export {
  createOptimizer,
  hyperparameters,
  makeOptimizer,
  optimizerNames,
  type OptimizerHyper,
  type OptimizerName,
} from './create-optimizer';
export { DescentOptimizer, type CommonHyper } from './descent-optimizer';
export type { Clipping } from './clipping';
export { loadOptimizer, type NamedOptimizer } from './load-optimizer';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  scheduleFrom,
  stepSchedule,
  warmupSchedule,
  type Decay,
  type LearningRate,
  type Schedule,
  type ScheduleConfig,
} from './schedules';
export type { Joint, Memory, Scaling, Step, Transform } from './transform';
export * from './transforms';
