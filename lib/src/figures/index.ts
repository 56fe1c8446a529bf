export * from './chart';
export * from './regression';
export * from './spread';
export * from './race';
export * from './attacks';
export { trainingFigure } from './training-figure';
export { lossChart, type LossChartOptions, type LossRun } from './loss-chart';
