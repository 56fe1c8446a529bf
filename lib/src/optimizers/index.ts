export {
  createFromChain,
  createOptimizer,
  hyperparameters,
  optimizerNames,
  type OptimizerHyper,
  type OptimizerName,
} from './create-optimizer';
export { DescentOptimizer, type CommonHyper } from './descent-optimizer';
export { clipByGlobalNorm, clipByNorm, clipByValue, type Clipping } from './clipping';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  scheduleFrom,
  stepSchedule,
  warmupSchedule,
  type Decay,
  type Schedule,
  type ScheduleConfig,
} from './schedules';
