export { explain, type ExplainedOperation, type Explanation } from './explain';
export { descend, type DescendOptions, type Recorded, type Recording, type State } from './descend';
export type { UpdateRule } from './steps';
export { minimize, type MinimizeCommon, type MinimizeOptions, type Minimum } from './minimize';
export { DivergenceError, type Run, type Trajectory } from './trajectory';
export type { Start, Values, Variables } from './variables';
export type { Stop } from './interrupt';
