export { optimizerTitle } from './style';
export { raceFigure, type Race, type RaceFigureOptions } from './race-figure';
export { raceSurfaceFigure } from './race-surface-figure';
export { landscapeFigure } from './landscape-figure';
export { momentsFigure, type MomentsFigureOptions, type TracedRun, type TracedStart } from './moments-figure';
export { scheduleFigure, type ScheduledRun, type ScheduleFigureOptions } from './schedule-figure';
