// Pools: the largest number of each window, or their mean, and their gradients.
import { poolWindows, type Pooling } from '../../kernels/windows';
import { fixed, placeOf, plus, times, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import type { Definition, Definitions } from './definition';
import { added, largest, LEAST, reaching, seen, spread, widened, widenedWith, within, type Look } from './windows';

const poolLook = (shape: readonly number[], attributes: unknown): Look =>
  poolWindows({ shape: [...shape], rank: shape.length }, attributes as Pooling);

const maxPool: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const look = poolLook(inputs['x']!.shape, attributes);
  const x = widenedWith(plan, inputs['x']!, look, LEAST[inputs['x']!.kind]);
  return [
    plan.fold(output!.shape, look.sizes, x.kind, 'maximum', (to, window) =>
      x.at([to[0]!, ...seen(look, to.slice(1, -1), window), to.at(-1)!]),
    ),
  ];
};

/** The place of what a pool took, in pictures with borders. */
function taken(plan: Plan, x: Elements, look: Look, out: readonly number[]): (to: readonly Index[]) => Index[] {
  const wide = widenedWith(plan, x, look, LEAST[x.kind]);
  const at = (to: readonly Index[], window: readonly Index[]): Index[] => [
    to[0]!,
    ...seen(look, to.slice(1, -1), window),
    to.at(-1)!,
  ];
  const place = largest(plan, out, look.sizes, (to, window) => wide.at(at(to, window)));
  return (to) => at(to, place(to));
}

const maxPoolGrad: Definition = ({ plan, inputs, attributes }) => {
  const { dy, input } = inputs as Record<'dy' | 'input', Elements>;
  const look = poolLook(input.shape, attributes);
  const place = taken(plan, input, look, dy.shape);
  const shape = [input.shape[0]!, ...widened(look, input.shape), input.shape.at(-1)!];
  return [within(added(plan, shape, dy, place), look, input.shape)];
};

const maxPoolWithArgmax: Definition = (given) => {
  const { plan, inputs, attributes, outputs } = given;
  const x = inputs['x']!;
  const look = poolLook(x.shape, attributes);
  const place = taken(plan, x, look, outputs[1]!.shape);
  const places: Elements = {
    shape: outputs[1]!.shape,
    kind: 'int',
    at: (to) => {
      const [batch, ...at] = place(to).map((index, axis) => plus(index, fixed(-[0, ...look.before, 0][axis]!)));
      const picture = attributes['includeBatchInIndex'] ? batch! : fixed(0);
      return plan.expressions.index(placeOf([picture, ...at], x.shape));
    },
  };
  return [maxPool(given)[0]!, places];
};

/** How much of each window lies inside of the pictures. */
function countAt(plan: Plan, look: Look, shape: readonly number[]): (out: readonly Index[]) => Expression {
  const { expressions: e } = plan;
  return (out) =>
    out
      .map((index, axis) => {
        const [size, inside] = [look.sizes[axis]!, shape[axis + 1]!];
        const begin = plus(times(index, look.strides[axis]!), fixed(-look.before[axis]!));
        const [from, to] = [
          Number(-look.before[axis]!),
          (look.out[axis]! - 1) * look.strides[axis]! - look.before[axis]! + size,
        ];
        if (from >= 0 && to <= inside) return e.constant(size, 'int');
        const end = e.apply('minimum', e.index(plus(begin, fixed(size))), e.constant(inside, 'int'));
        return e.apply('subtractWhole', end, e.apply('maximum', e.index(begin), e.constant(0, 'int')));
      })
      .reduce((a, b) => e.apply('multiplyWhole', a, b));
}

const averagePool: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const look = poolLook(inputs['x']!.shape, attributes);
  const x = widenedWith(plan, inputs['x']!, look, 0);
  const count = countAt(plan, look, inputs['x']!.shape);
  const sums = plan.fold(output!.shape, look.sizes, 'float', 'sum', (to, window) =>
    x.at([to[0]!, ...seen(look, to.slice(1, -1), window), to.at(-1)!]),
  );
  return [{ ...sums, at: (to) => plan.expressions.apply('divide', sums.at(to), count(to.slice(1, -1))) }];
};

const averagePoolGrad: Definition = ({ plan, inputs, attributes }) => {
  const { dy, input } = inputs as Record<'dy' | 'input', Elements>;
  const look = poolLook(input.shape, attributes);
  const count = countAt(plan, look, input.shape);
  const shares: Elements = { ...dy, at: (to) => plan.expressions.apply('divide', dy.at(to), count(to.slice(1, -1))) };
  const back = spread(plan, shares, look, input.shape);
  return [
    plan.fold(input.shape, look.sizes, 'float', 'sum', (to, window) =>
      back.at([to[0]!, ...reaching(look, to.slice(1, -1), window), to.at(-1)!]),
    ),
  ];
};

export const pools: Definitions = {
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  MaxPool3D: maxPool,
  MaxPool3DGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  AvgPool: averagePool,
  AvgPoolGrad: averagePoolGrad,
  AvgPool3D: averagePool,
  AvgPool3DGrad: averagePoolGrad,
};
