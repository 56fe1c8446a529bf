// What each kernel computes, element by element: TensorFlow's definitions, as functions of indices.
import type { tf } from '../../tf';
import { complexDefinitions } from './complex';
import { convolutions } from './convolutions';
import type { Definition, Definitions } from './definition';
import { dilations } from './dilations';
import { elementwiseKernels } from './elementwise';
import { folds } from './folds';
import { joins } from './joins';
import { lookups } from './lookups';
import { moves } from './moves';
import { pictures } from './pictures';
import { pools } from './pools';
import { products } from './products';

export { eachPart, fromMemory, inMemory } from './complex';
export { kindOf, type Definition } from './definition';

/** Every kernel that is written out, by its name. */
export const definitions: Definitions = {
  ...elementwiseKernels,
  ...moves,
  ...joins,
  ...folds,
  ...products,
  ...lookups,
  ...convolutions,
  ...pools,
  ...dilations,
  ...pictures,
};

const ofComplex = complexDefinitions(definitions);

/** What a kernel computes of values of these types, or makes; undefined where it is not written out. */
export function definitionOf(kernel: string, dtypes: readonly tf.DataType[]): Definition | undefined {
  const table = dtypes.includes('complex64') ? ofComplex : definitions;
  return Object.hasOwn(table, kernel) ? table[kernel] : undefined;
}

/** Kernels that only say where an element comes from. */
export const VIEWS = new Set(['Identity', 'Reshape', 'ExpandDims', 'Transpose', 'Slice', 'StridedSlice', 'Reverse', 'Tile', 'BroadcastTo', 'Unpack', 'SplitV', 'Fill', 'OnesLike', 'ZerosLike', 'OneHot', 'Cast', 'FlipLeftRight', 'DepthToSpace', 'BatchToSpaceND', 'Complex', 'Real', 'Imag']); // prettier-ignore

/** Whether a kernel is written out; others run as a whole. */
export const isDefined = (kernel: string): boolean =>
  Object.hasOwn(definitions, kernel) || Object.hasOwn(ofComplex, kernel);
