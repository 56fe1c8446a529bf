export { objectives, type Objective, type Point } from './objectives';
export type { RaceOptions, RaceRun, Runner, Runners } from './race';
export {
  decades,
  learningRateLandscape,
  stableRange,
  tune,
  type Ground,
  type Landscape,
  type RateOptions,
} from './landscape';
export { curveOf, type Region, type Surface } from './surface';
export { suitableRunners } from './suitable-runners';
export { readLandscapes } from './read-landscapes';
export { smallTable, trainNetwork, type NetworkOptions, type SmallTable } from './network';
export { gradientMoments, turnsOf, type GradientMoments, type Turn } from './moments';
export { detour, firstStep, settledAfter } from './measures';
export { readProblems, type Problems } from './read-problems';
