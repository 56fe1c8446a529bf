export { chain, type OptimizerMaker } from './chain';
export {
  classicOptimizers,
  createOptimizer,
  hyperparameters,
  optimizerNames,
  type OptimizerHyper,
  type OptimizerName,
} from './create-optimizer';
export type { CommonHyper } from './descent-optimizer';
export type { Clipping } from './clipping';
export {
  cosineSchedule,
  exponentialSchedule,
  stepSchedule,
  warmupSchedule,
  type Decay,
  type LearningRate,
  type Schedule,
  type ScheduleConfig,
} from './schedules';
export type { Joint, Memory, Scaling, Step, Transform } from './transform';
export * from './transforms';
