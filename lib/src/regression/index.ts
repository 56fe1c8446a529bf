export { curvature, type Curvature } from './curvature';
export { describeRuns, descendFrom, type DescendFromOptions } from './descend-from';
export { exactFit, lineError, type Fit } from './exact';
export type { FitLineOptions, LineFit } from './fit';
export { evaluateFormula, fitFormula, type FitFormulaOptions, type FormulaFit } from './fit-formula';
export { denormaliseLine, normalise, normaliseLine, scaleOf, type Scale } from './normalise';
export { lossGrid, lossMap, type LossGrid, type LossMap, type Span } from './surface';
