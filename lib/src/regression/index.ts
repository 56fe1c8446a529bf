export { curvature, type Curvature } from './curvature';
export { describeRuns, descendFrom, type DescendFromOptions } from './descend-from';
export { exactFit, lineError, type Fit } from './exact';
export { fitLine, onExactLine, type FitLineOptions, type LineFit } from './fit';
export { lineLoss, predict, type Line } from './line';
export { meanSquaredError } from './loss';
export { denormaliseLine, normalise, normaliseLine, scaleOf, type Scale } from './normalise';
export { lossGrid, evenly, type LossGrid, type Span } from './surface';
export * from './figures';
