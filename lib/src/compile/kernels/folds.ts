// Kernels that make one number of many: sums, extremes and their places.
import { sizeOf } from '../../shape';
import { tf } from '../../tf';
import { indicesAt, placeOf, plus, type Expression, type Index } from '../expressions';
import type { Elements, Fold, Plan } from '../plan';
import { bordered } from './joins';
import { kindOf, type Definition, type Definitions, type Given } from './definition';

export const axesOf = (rank: number, axes: unknown): number[] =>
  axes === undefined || axes === null
    ? Array.from({ length: rank }, (_, i) => i)
    : tf.util.parseAxisParam(
        axes as number | number[],
        Array.from({ length: rank }, () => 1),
      );

/** Folds over some axes. */
export function folded(
  given: Given,
  fold: Fold,
  name: string,
  axes: readonly number[],
  finish?: (e: Expression, count: number) => Expression,
): Elements[] {
  const { plan, inputs, outputs } = given;
  const x = inputs[name]!;
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const inner = axes.map((axis) => x.shape[axis]!);
  const count = sizeOf(inner);
  const kind = kindOf(outputs[0]!.dtype)!;
  const isWhole = kind === 'int' && (fold === 'sum' || fold === 'product'); // which is added up as a float is
  const finished = finish ?? (isWhole ? (result: Expression) => plan.expressions.apply('truncate', result) : undefined);
  const output = plan.fold(
    rest.map((axis) => x.shape[axis]!),
    inner,
    kind,
    fold,
    (outer, over) => {
      const indices: Index[] = [];
      rest.forEach((axis, i) => (indices[axis] = outer[i]!));
      axes.forEach((axis, i) => (indices[axis] = over[i]!));
      return x.at(indices);
    },
    finished && ((result) => finished(result, count)),
  );
  return [resized(output, outputs[0]!.shape)];
}

export const resized = (value: Elements, shape: readonly number[]): Elements =>
  tf.util.arraysEqual(value.shape as number[], shape as number[])
    ? value
    : { shape, kind: value.kind, at: (indices) => value.at(indicesAt(placeOf(indices, shape), value.shape)) };

export const reduction =
  (fold: Fold, finish?: (e: Plan['expressions']) => (x: Expression, count: number) => Expression): Definition =>
  (given) => {
    const rank = given.inputs['x']!.shape.length;
    const axes = axesOf(rank, given.attributes['axis'] ?? given.attributes['reductionIndices']);
    return folded(given, fold, 'x', axes, finish?.(given.plan.expressions));
  };

const place =
  (fold: 'least' | 'greatest'): Definition =>
  (given) => {
    const { inputs, attributes } = given;
    return folded(given, fold, 'x', axesOf(inputs['x']!.shape.length, attributes['axis']));
  };

const running =
  (fold: 'sum' | 'product'): Definition =>
  ({ plan, inputs, attributes }) => {
    const x = inputs['x']!;
    const { axis, exclusive, reverse } = attributes as { axis: number; exclusive: boolean; reverse: boolean };
    return [plan.running(x, (axis + x.shape.length) % x.shape.length, fold, { exclusive, reverse })];
  };

const sum =
  (e: Plan['expressions']) =>
  (x: Expression, count: number): Expression =>
    e.apply('divide', x, e.constant(count));

/** The sums of each number's neighbours along the last axis, its own included, in doubles. */
function neighbours(plan: Plan, x: Elements, reach: number): Elements {
  const wide = x.shape.map((size, axis) => (axis === x.shape.length - 1 ? size + 2 * reach : size));
  const before = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? reach : 0));
  const padded = bordered(plan, x, before, wide, 0);
  return plan.fold(x.shape, [2 * reach + 1], 'float', 'sum', (to, [k]) =>
    padded.at([...to.slice(0, -1), plus(to.at(-1)!, k!)]),
  );
}

/** What a number is divided by for its neighbours, before it is raised to a power. */
function response({ plan, inputs, attributes }: Given): Elements {
  const { depthRadius, bias, alpha } = attributes as Record<'depthRadius' | 'bias' | 'alpha', number>;
  const { expressions: e } = plan;
  const x = inputs['x']!;
  const squares: Elements = { ...x, at: (to) => e.apply('square', x.at(to)) };
  const sums = neighbours(plan, squares, depthRadius);
  return { ...x, at: (to) => e.apply('add', e.constant(bias), e.apply('multiply', e.constant(alpha), sums.at(to))) };
}

export const folds: Definitions = {
  Sum: reduction('sum'),
  Mean: reduction('sum', sum),
  Prod: reduction('product'),
  Min: reduction('minimum'),
  Max: reduction('maximum'),
  Any: reduction('maximum'),
  All: reduction('minimum'),
  ArgMin: place('least'),
  ArgMax: place('greatest'),
  Cumsum: running('sum'),
  Cumprod: running('product'),
  LRN: (given) => {
    const { plan, inputs, attributes } = given;
    const { expressions: e } = plan;
    const power = e.constant(-(attributes['beta'] as number));
    const [x, norm] = [inputs['x']!, response(given)];
    return [{ ...x, at: (to) => e.apply('multiply', x.at(to), e.apply('power', norm.at(to), power)) }];
  },
  LRNGrad: (given) => {
    const { plan, inputs, attributes } = given;
    const { x, y, dy } = inputs as Record<'x' | 'y' | 'dy', Elements>;
    const { depthRadius, alpha, beta } = attributes as Record<'depthRadius' | 'alpha' | 'beta', number>;
    const { expressions: e } = plan;
    const norm = plan.shared(response(given), 2);
    const shares: Elements = {
      ...x,
      at: (to) => e.apply('divide', e.apply('multiply', dy.at(to), y.at(to)), norm.at(to)),
    };
    const sums = neighbours(plan, shares, depthRadius);
    const at = (to: readonly Index[]): Expression => {
      const own = e.apply('multiply', dy.at(to), e.apply('power', norm.at(to), e.constant(-beta)));
      const others = e.apply('multiply', e.apply('multiply', e.constant(2 * alpha * beta), x.at(to)), sums.at(to));
      return e.apply('subtract', own, others);
    };
    return [{ ...x, at }];
  },
  Softmax: (given) => {
    const {
      plan,
      inputs,
      outputs: [output],
    } = given;
    const { expressions: e } = plan;
    const logits = inputs['logits']!;
    const axes = [logits.shape.length - 1];
    const [most] = folded(
      { ...given, outputs: [{ shape: logits.shape.slice(0, -1), dtype: 'float32' }] },
      'maximum',
      'logits',
      axes,
    );
    const terms = plan.shared(
      { ...logits, at: (to) => e.apply('exp', e.apply('subtract', logits.at(to), most!.at(to.slice(0, -1)))) },
      2,
    );
    const [total] = folded(
      { ...given, inputs: { terms }, outputs: [{ shape: logits.shape.slice(0, -1), dtype: 'float32' }] },
      'sum',
      'terms',
      axes,
    );
    return [
      { shape: output!.shape, kind: 'float', at: (to) => e.apply('divide', terms.at(to), total!.at(to.slice(0, -1))) },
    ];
  },
};
