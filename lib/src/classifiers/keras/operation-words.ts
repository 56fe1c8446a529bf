import { DescentError } from '../../errors';
import { isObject, shorten, type LayerDescription } from '../layers';
import { plainValue } from './plain-value';

/** A function of tensors that stands where a layer does, and how it was called. */
interface Call {
  /** Its name without its module, in small letters: `truediv`. */
  name: string;
  /** What it was given, in order, tensors as `undefined`. */
  given: unknown[];
  /** Options that are not null. */
  options: Record<string, unknown>;
}

const isTensor = (value: unknown): boolean => isObject(value) && value['class_name'] === '__keras_tensor__';
/** A tensor among the options of Keras 2: its layer's name, and two numbers. */
const isInbound = (value: unknown): boolean =>
  Array.isArray(value) && value.length >= 3 && typeof value[0] === 'string' && typeof value[1] === 'number';
const value = (held: unknown): unknown => (isObject(held) ? innermost(plainValue(held)) : held);
/** Numbers for the last axis, as which [[[a, b]]] stands, too. */
const innermost = (held: unknown): unknown =>
  Array.isArray(held) && held.length === 1 && Array.isArray(held[0]) ? innermost(held[0]) : held;

/**
 * Whether a layer is a function of tensors: Keras 2's TFOpLambda and SlicingOpLambda, or one of Keras 3's, whose class
 * stands behind `ops.`; each has its first inbound node as the option `inbound`.
 */
export const isOperation = ({ class_name: kind }: LayerDescription): boolean =>
  ['TFOpLambda', 'SlicingOpLambda'].includes(kind) || kind.startsWith('ops.');

function callOf({ class_name: kind, config }: LayerDescription): Call {
  const named = kind.startsWith('ops.') ? kind : String(config['function']);
  const name = named.split('.').at(-1)!.replaceAll('_', '').toLowerCase();
  const { inbound } = config;
  if (isObject(inbound)) {
    const given = [inbound['args'] ?? []].flat().map((each) => (isTensor(each) ? undefined : value(each)));
    return { name, given, options: stated(inbound['kwargs']) };
  }
  const [from, , constant, options] = Array.isArray(inbound) ? (inbound as unknown[]) : [];
  const { x, y, bias = y, ...rest } = stated(options);
  const first = from === '_CONSTANT_VALUE' ? constant : undefined;
  void x;
  return { name, given: [first, ...(bias === undefined ? [] : [isInbound(bias) ? undefined : bias])], options: rest };
}

const stated = (options: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(isObject(options) ? options : {}).filter(([, held]) => held !== null));

const isConstant = (held: unknown): held is number | number[] =>
  (!Array.isArray(held) || held.length > 0) &&
  [held].flat().every((each) => typeof each === 'number' && Number.isFinite(each));
const each = (held: number | number[], of: (x: number) => number): number | number[] =>
  Array.isArray(held) ? held.map(of) : of(held);

const MERGING: Record<string, string> = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  maximum: 'Maximum',
  minimum: 'Minimum',
};
const ACTIVATIONS: Record<string, string> = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  silu: 'swish',
  swish: 'swish',
  softplus: 'softplus',
  exp: 'exponential',
};

/** x * scale + offset for a constant, where the operation is that. */
function affine(
  name: string,
  [left, right]: unknown[],
): { scale: number | number[]; offset: number | number[] } | undefined {
  const [constant, first] = left === undefined ? [right, false] : [left, true];
  if (!isConstant(constant)) return undefined;
  if (name === 'add' || name === 'biasadd') return { scale: 1, offset: constant };
  if (name === 'subtract')
    return first ? { scale: -1, offset: constant } : { scale: 1, offset: each(constant, (c) => -c) };
  if (name === 'multiply') return { scale: constant, offset: 0 };
  if (['truediv', 'truedivide', 'divide'].includes(name) && !first)
    return { scale: each(constant, (c) => 1 / c), offset: 0 };
  return undefined;
}

/** Whether places are those of all colours, the other way round: [..., ::-1]. */
function reversesColours(places: unknown): boolean {
  const [rest, slice, ...more] = Array.isArray(places) ? (places as unknown[]) : [];
  if (!isObject(rest) || rest['class_name'] !== '__ellipsis__' || !isObject(slice) || more.length > 0) return false;
  const { start = null, stop = null, step } = isObject(slice['config']) ? slice['config'] : slice;
  return start === null && stop === null && step === -1;
}

/**
 * A layer that computes what an operation does: pixels brought to a network's range by its maker's functions, and simple
 * functions between layers.
 *
 * @throws DescentError for any other operation
 */
export function operationWords(
  layer: LayerDescription,
  inputs: readonly (readonly number[])[],
  source: string,
): LayerDescription[] {
  const { name, given, options } = callOf(layer);
  const as = (class_name: string, config: object = {}): LayerDescription[] => [
    { class_name, config: { name: layer.config['name'], ...config } },
  ];
  const { data_format, dtype, ...others } = options;
  const simple = Object.keys(others).length === 0 && [undefined, 'NHWC'].includes(data_format as undefined);
  if (simple && dtype === undefined) {
    const tensors = given.filter((held) => held === undefined).length;
    if (tensors === 2 && inputs.length === 2 && given.length === 2 && MERGING[name]) return as(MERGING[name]);
    const constant = tensors === 1 && given.length === 2 ? affine(name, given) : undefined;
    if (constant) return as('Rescaling', constant);
    if (given.length === 1 && name === 'negative') return as('Rescaling', { scale: -1, offset: 0 });
    if (given.length === 1 && ACTIVATIONS[name]) return as('Activation', { activation: ACTIVATIONS[name] });
  }
  if (name === 'cast' && simple && [dtype, given[1]].includes('float32')) return [];
  if (name === 'getitem' && reversesColours(given[1] ?? options['slice_spec'])) return as('ReverseChannels');
  const told = layer.config['function'] ?? layer.class_name;
  throw new DescentError(
    `the layer ${shorten(layer.config['name'], "'")} of ${source} is the operation ${shorten(told, '')}, which cannot be ` +
      'imported as it is called there: make the model with a layer that computes the same, such as Rescaling, give it ' +
      'the weights by set_weights, and save that',
  );
}
