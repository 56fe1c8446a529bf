// Dilations: of each window the largest sum with a filter, and their gradients.
import { tf } from '../../tf';
import { spaces } from '../../kernels/windows';
import type { Expression, Index } from '../expressions';
import type { Elements } from '../plan';
import type { Definition, Definitions, Given } from './definition';
import { added, largest, LEAST, seen, widenedWith, within, type Look, type Pictures } from './windows';

function dilation({ plan, inputs, attributes }: Given): {
  look: Look;
  value: (to: readonly Index[], window: readonly Index[]) => Expression;
  wide: readonly number[];
} {
  const { x, filter } = inputs as Record<'x' | 'filter', Elements>;
  const { strides, pad, dilations } = attributes as { strides: number; pad: 'same'; dilations: number };
  const look = spaces(
    tf.backend_util.computeDilation2DInfo(
      x.shape as Pictures,
      filter.shape as [number, number, number],
      strides,
      pad,
      'NHWC',
      dilations,
    ),
  );
  const wide = widenedWith(plan, x, look, LEAST.float);
  const value = (to: readonly Index[], window: readonly Index[]): Expression =>
    plan.expressions.apply(
      'addDouble',
      wide.at([to[0]!, ...seen(look, to.slice(1, -1), window), to.at(-1)!]),
      filter.at([...window, to.at(-1)!]),
    );
  return { look, value, wide: wide.shape };
}

const dilate: Definition = (given) => {
  const { plan, outputs } = given;
  const { look, value } = dilation(given);
  const rounded = (result: Expression): Expression => plan.expressions.apply('toFloat', result);
  return [plan.fold(outputs[0]!.shape, look.sizes, 'float', 'maximum', value, rounded)];
};

const dilateGrad =
  (by: 'x' | 'filter'): Definition =>
  (given) => {
    const { plan, inputs } = given;
    const { look, value, wide } = dilation(given);
    const dy = inputs['dy']!;
    const place = largest(plan, dy.shape, look.sizes, value);
    if (by === 'filter') return [added(plan, inputs['filter']!.shape, dy, (to) => [...place(to), to.at(-1)!])];
    const at = (to: readonly Index[]): Index[] => [to[0]!, ...seen(look, to.slice(1, -1), place(to)), to.at(-1)!];
    return [within(added(plan, wide, dy, at), look, inputs['x']!.shape)];
  };

export const dilations: Definitions = {
  Dilation2D: dilate,
  Dilation2DBackpropInput: dilateGrad('x'),
  Dilation2DBackpropFilter: dilateGrad('filter'),
};
