// Derivatives of a function of your own: first, second, along a direction, and whether they are right.
export { hessian, hvp, jacobian, type TensorFunction } from './derivatives';
export { checkGradient, type CheckGradientOptions, type GradientCheck } from './check-gradient';
export { computationGraph, type GraphNode } from './computation-graph';
