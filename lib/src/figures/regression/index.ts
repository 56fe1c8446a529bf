export { candidateLinesFigure } from './candidate-lines';
export { curveAnimation, type CurveFit } from './curve-animation';
export { fitAnimation, type Fits } from './fit-animation';
export { lossContours, lossLandscape, type LossSurface, type LossSurfaceOptions } from './loss-surface';
export { ratesFigure, type Rates, type RatesOptions } from './rates';
export { scatterFigure } from './scatter';
export type { LineRun, XY } from './traces';
