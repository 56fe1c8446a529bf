export { descend, type DescendOptions, type Recorded, type Recording, type State, type UpdateRule } from './descend';
export { DivergenceError, type Run, type Trajectory } from './trajectory';
export type { Start, Values, Variables } from './variables';
export type { Stop } from './interrupt';
