export { findObjective, objectiveNames, objectives, type Objective, type Point } from './objectives';
export { loadObjective } from './load-objective';
export { race, type RaceOptions, type RaceRun, type Runner, type Runners } from './race';
export {
  bestRate,
  decades,
  learningRateLandscape,
  stableRange,
  tune,
  type Ground,
  type Landscape,
  type RateOptions,
} from './landscape';
export { heightAt, surface, type Region, type Surface } from './surface';
export { raceRunners, type RunnerOptions } from './runners';
export { writeRaceTable } from './table';
export { atRate, suitableRunners } from './suitable-runners';
export { readLandscapes } from './read-landscapes';
export { smallTable, trainNetwork, type NetworkOptions, type SmallTable } from './network';
export { disagreements, gradientMoments, type GradientMoments } from './moments';
export { detour, firstStep, headingDegrees } from './measures';
