export * from './chart';
export * from './regression';
export * from './spreads';
export * from './races';
export * from './attacks';
export { trainingFigure } from './training-figure';
export { graphFigure } from './graph-figure';
export { curveDescentFigure, type CurveDescentOptions, type CurveDescents } from './descent-on-curve';
export { lossChart, type LossChartOptions, type LossRun } from './loss-chart';
