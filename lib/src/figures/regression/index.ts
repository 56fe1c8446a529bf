export { candidateLinesFigure } from './candidate-lines';
export { fitAnimation, type FitAnimationOptions } from './fit-animation';
export { lossContours, lossLandscape, type LossSurfaceOptions } from './loss-surface';
export { ratesFigure, type RatesOptions } from './rates';
export { scatterFigure } from './scatter';
export type { LineRun } from './traces';
