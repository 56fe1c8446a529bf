// Kernels that compute each element from those in its place.
import { fixed, type Expression, type Index } from '../expressions';
import type { OperationName } from '../operations';
import type { Elements, Plan } from '../plan';
import { bordered } from './joins';
import { kindOf, type Definition, type Definitions, type Given } from './definition';

/** The element of a value that stands for one of a larger shape: along axes of size 1 it is the same. */
export const broadcast = (value: Elements, indices: readonly Index[]): Expression => {
  const { shape } = value;
  const skip = indices.length - shape.length;
  return value.at(shape.map((size, axis) => (size === 1 ? fixed(0) : indices[axis + skip]!)));
};

type OfElements = (e: Plan['expressions'], args: Expression[], attributes: Given['attributes']) => Expression;

/** Applies a function to the elements of the inputs that belong together. */
const elementwise =
  (names: readonly string[], of: OfElements): Definition =>
  ({ plan, inputs, attributes, outputs: [output] }) => [
    {
      shape: output!.shape,
      kind: kindOf(output!.dtype)!,
      at: (indices) =>
        of(
          plan.expressions,
          names.map((name) => broadcast(inputs[name]!, indices)),
          attributes,
        ),
    },
  ];

const unary = (operation: OperationName): Definition => elementwise(['x'], (e, [x]) => e.apply(operation, x!));
const binary = (operation: OperationName): Definition =>
  elementwise(['a', 'b'], (e, [a, b]) => e.apply(operation, a!, b!));
/** Whole numbers wrap around where floats grow. */
const arithmetic = (floats: OperationName, wholes: OperationName): Definition =>
  elementwise(['a', 'b'], (e, [a, b]) => e.apply(a!.kind === 'float' ? floats : wholes, a!, b!));

const cast: Definition = ({ plan, inputs, outputs: [output] }) => {
  const x = inputs['x']!;
  const kind = kindOf(output!.dtype)!;
  const operation = ({ float: 'toFloat', int: 'truncate', bool: 'toBool' } as const)[kind];
  const same = x.kind === kind || (kind === 'int' && x.kind === 'bool');
  return [
    {
      shape: x.shape,
      kind,
      at: (indices) => (same ? x.at(indices) : plan.expressions.apply(operation, x.at(indices))),
    },
  ];
};

const [SELU_ALPHA, SELU_SCALE] = [1.7580993408473768, 1.0507009873554805];

/** What a layer may do to its result, by the names that its kernel knows. */
const activations = {
  linear: (_, [x]) => x!,
  relu: (e, [x]) => e.apply('maximum', e.constant(0, x!.kind), x!),
  relu6: (e, [x]) => e.apply('clip', e.constant(0, x!.kind), e.constant(6, x!.kind), x!),
  elu: (e, [x]) => e.apply('select', e.apply('greaterEqual', x!, e.constant(0)), x!, e.apply('expm1', x!)),
  sigmoid: (e, [x]) => e.apply('sigmoid', x!),
  leakyrelu: (e, [x], { alpha }) =>
    e.apply('select', e.apply('less', x!, e.constant(0)), e.apply('multiply', e.constant(alpha as number), x!), x!),
  prelu: (e, [x, alpha]) => e.apply('select', e.apply('less', x!, e.constant(0)), e.apply('multiply', alpha!, x!), x!),
} satisfies Record<string, OfElements>;

/** A layer's result with its bias added, and its activation. */
export function activated({ plan, inputs, attributes }: Given, y: Elements): Elements {
  const { bias, preluActivationWeights: weights } = inputs;
  const of: OfElements = activations[(attributes['activation'] as keyof typeof activations | undefined) ?? 'linear'];
  // where the channels are not the last axis, a list of one number for each stands along theirs
  const isFirst = attributes['dataFormat'] === 'NCHW';
  const along = (x: Elements, to: readonly Index[]): Expression =>
    isFirst && x.shape.length === 1 ? broadcast(x, [to[1]!]) : broadcast(x, to);
  const { expressions } = plan;
  const at = (to: readonly Index[]): Expression => {
    const sum = bias ? expressions.apply('add', y.at(to), along(bias, to)) : y.at(to);
    const args = weights ? [sum, along(weights, to)] : [sum];
    return of(expressions, args, { alpha: attributes['leakyreluAlpha'] });
  };
  return { ...y, at };
}

export const elementwiseKernels: Definitions = {
  Abs: unary('absolute'),
  Acos: unary('acos'),
  Acosh: unary('acosh'),
  Asin: unary('asin'),
  Asinh: unary('asinh'),
  Atan: unary('atan'),
  Atanh: unary('atanh'),
  Ceil: unary('ceil'),
  Cos: unary('cos'),
  Cosh: unary('cosh'),
  Erf: unary('erf'),
  Exp: unary('exp'),
  Expm1: unary('expm1'),
  Floor: unary('floor'),
  IsFinite: unary('isFinite'),
  IsInf: unary('isInfinite'),
  IsNan: unary('isNan'),
  Log: unary('log'),
  Log1p: unary('log1p'),
  LogicalNot: unary('not'),
  Neg: unary('negate'),
  Reciprocal: unary('reciprocal'),
  Round: unary('round'),
  Rsqrt: unary('reciprocalRoot'),
  Sigmoid: unary('sigmoid'),
  Sign: unary('sign'),
  Sin: unary('sin'),
  Sinh: unary('sinh'),
  Softplus: unary('softplus'),
  Sqrt: unary('squareRoot'),
  Square: unary('square'),
  Tan: unary('tan'),
  Tanh: unary('tanh'),
  Atan2: binary('atan2'),
  BitwiseAnd: binary('bitwiseAnd'),
  Equal: binary('equal'),
  FloorDiv: binary('floorDivide'),
  Greater: binary('greater'),
  GreaterEqual: binary('greaterEqual'),
  Less: binary('less'),
  LessEqual: binary('lessEqual'),
  LogicalAnd: binary('and'),
  LogicalOr: binary('or'),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  Mod: binary('modulo'),
  NotEqual: binary('notEqual'),
  Pow: binary('power'),
  RealDiv: binary('divide'),
  SquaredDifference: binary('squaredDifference'),
  Add: arithmetic('add', 'addWhole'),
  Sub: arithmetic('subtract', 'subtractWhole'),
  Multiply: arithmetic('multiply', 'multiplyWhole'),
  Relu: elementwise(['x'], activations.relu),
  Relu6: elementwise(['x'], activations.relu6),
  Step: elementwise(['x'], (e, [x], { alpha = 0 }) =>
    e.apply(
      'select',
      e.apply('greater', x!, e.constant(0)),
      e.constant(1),
      e.apply('select', e.apply('isNan', x!), x!, e.constant(alpha as number)),
    ),
  ),
  Elu: elementwise(['x'], activations.elu),
  EluGrad: elementwise(['dy', 'y'], (e, [dy, y]) =>
    e.apply(
      'select',
      e.apply('greaterEqual', y!, e.constant(0)),
      dy!,
      e.apply('multiply', dy!, e.apply('add', y!, e.constant(1))),
    ),
  ),
  Selu: elementwise(['x'], (e, [x]) =>
    e.apply(
      'select',
      e.apply('greaterEqual', x!, e.constant(0)),
      e.apply('multiply', x!, e.constant(SELU_SCALE)),
      e.apply('multiply', e.constant(SELU_ALPHA), e.apply('expm1', x!)),
    ),
  ),
  LeakyRelu: elementwise(['x'], activations.leakyrelu),
  Prelu: elementwise(['x', 'alpha'], activations.prelu),
  ClipByValue: elementwise(['x'], (e, [x], { clipValueMin, clipValueMax }) =>
    e.apply('clip', e.constant(clipValueMin as number, x!.kind), e.constant(clipValueMax as number, x!.kind), x!),
  ),
  Select: ({ plan, inputs, outputs: [output] }) => {
    const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', Elements>;
    const rows = condition.shape.length === 1 && output!.shape.length > 1; // one truth value for each of the first axis
    return [
      {
        shape: output!.shape,
        kind: t.kind,
        at: (to) =>
          plan.expressions.apply(
            'select',
            condition.at(rows ? [to[0]!] : to.slice(0, condition.shape.length)),
            t.at(to),
            e.at(to),
          ),
      },
    ];
  },
  AddN: ({ plan, lists, outputs: [output] }) => [
    {
      shape: output!.shape,
      kind: 'float',
      at: (to) => lists['inputs']!.map((x) => x.at(to)).reduce((a, b) => plan.expressions.apply('add', a, b)),
    },
  ],
  Cast: cast,
  FusedBatchNorm: ({ plan, inputs, attributes, outputs: [output] }) => {
    const { x, mean, variance, offset, scale } = inputs as Record<'x' | 'mean' | 'variance', Elements> &
      Partial<Record<'offset' | 'scale', Elements>>;
    const { expressions: e } = plan;
    const epsilon = e.constant(attributes['varianceEpsilon'] as number);
    const at = (to: readonly Index[]): Expression => {
      const centred = e.apply('subtract', x.at(to), broadcast(mean, to));
      const scaled = scale ? e.apply('multiply', centred, broadcast(scale, to)) : centred;
      const y = e.apply('divide', scaled, e.apply('squareRoot', e.apply('add', broadcast(variance, to), epsilon)));
      return offset ? e.apply('add', y, broadcast(offset, to)) : y;
    };
    return [{ shape: output!.shape, kind: 'float', at }];
  },
  BroadcastArgs: ({ plan, inputs, outputs: [output] }) => {
    const { expressions: e } = plan;
    const { shape } = output!;
    const one = e.constant(1, 'int');
    const [a, b] = [inputs['s0']!, inputs['s1']!].map((x) =>
      bordered(plan, x, [shape[0]! - x.shape[0]!], shape, 1),
    ) as [Elements, Elements];
    return [{ shape, kind: 'int', at: (to) => e.apply('select', e.apply('equal', a.at(to), one), b.at(to), a.at(to)) }];
  },
};
