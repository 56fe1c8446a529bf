// Convolutions, and their gradients by what they see and by their filter.
import { tf } from '../../tf';
import { spaces } from '../../kernels/windows';
import { divided, plus, times, type Index } from '../expressions';
import type { Elements } from '../plan';
import { viewed, type Definition, type Definitions, type Given } from './definition';
import { activated } from './elementwise';
import { reaching, seen, spread, widenedWith, type Look, type Pictures } from './windows';

type Info3D = tf.backend_util.Conv3DInfo;
type Volumes = [number, number, number, number, number];

/** What a convolution is told. */
interface Convolution {
  strides: number | [number, number];
  pad: 'same' | 'valid' | number;
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dataFormat?: string;
}

const looksOf3D = (info: Info3D): Look => ({
  sizes: [info.filterDepth, info.filterHeight, info.filterWidth],
  strides: [info.strideDepth, info.strideHeight, info.strideWidth],
  dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
  before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  out: [info.outDepth, info.outHeight, info.outWidth],
});

/** How a filter is laid over pictures, or over volumes. */
function lookOf(x: readonly number[], filter: readonly number[], attributes: unknown, isDepthwise = false): Look {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes as Convolution;
  if (x.length === 5) {
    return looksOf3D(
      tf.backend_util.computeConv3DInfo(
        x as Volumes,
        filter as Volumes,
        strides as number,
        (dilations ?? 1) as number,
        pad,
      ),
    );
  }
  return spaces(
    tf.backend_util.computeConv2DInfo(
      x as Pictures,
      filter as Pictures,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      isDepthwise,
      dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
    ),
  );
}

const isFirst = (attributes: Given['attributes']): boolean => attributes['dataFormat'] === 'NCHW';
/** Pictures with their channels last, and back. */
const channelsLast = (x: Elements, attributes: Given['attributes']): Elements => {
  if (!isFirst(attributes)) return x;
  const [batch, channels, ...rest] = x.shape as [number, number];
  return viewed(x, [batch, ...rest, channels], ([b, ...to]) => [b!, to.at(-1)!, ...to.slice(0, -1)]);
};
const channelsFirst = (x: Elements, attributes: Given['attributes']): Elements => {
  if (!isFirst(attributes)) return x;
  const [batch, ...rest] = x.shape as [number];
  return viewed(x, [batch, rest.at(-1)!, ...rest.slice(0, -1)], ([b, c, ...to]) => [b!, ...to, c!]);
};

const convolution: Definition = ({ plan, inputs, attributes }) => {
  const filter = inputs['filter']!;
  const look = lookOf(inputs['x']!.shape, filter.shape, attributes);
  const x = widenedWith(plan, channelsLast(inputs['x']!, attributes), look, 0);
  const y = plan.fold(
    [x.shape[0]!, ...look.out, filter.shape.at(-1)!],
    filter.shape.slice(0, -1),
    'float',
    'sum',
    (to, window) =>
      plan.expressions.apply(
        'multiplyDouble',
        x.at([to[0]!, ...seen(look, to.slice(1, -1), window.slice(0, -1)), window.at(-1)!]),
        filter.at([...window, to.at(-1)!]),
      ),
  );
  return [channelsFirst(y, attributes)];
};

const byInput: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const filter = inputs['filter']!;
  const look = lookOf(output!.shape, filter.shape, attributes);
  const dy = channelsLast(inputs['dy']!, attributes);
  const shape = [
    output!.shape[0]!,
    ...(isFirst(attributes) ? output!.shape.slice(2) : output!.shape.slice(1, -1)),
    filter.shape.at(-2)!,
  ];
  const back = spread(plan, dy, look, shape);
  const window = [...look.sizes, dy.shape.at(-1)!];
  const dx = plan.fold(shape, window, 'float', 'sum', (to, over) =>
    plan.expressions.apply(
      'multiplyDouble',
      back.at([to[0]!, ...reaching(look, to.slice(1, -1), over.slice(0, -1)), over.at(-1)!]),
      filter.at([...over.slice(0, -1), to.at(-1)!, over.at(-1)!]),
    ),
  );
  return [channelsFirst(dx, attributes)];
};

const byFilter: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const look = lookOf(inputs['x']!.shape, output!.shape, attributes);
  const x = widenedWith(plan, channelsLast(inputs['x']!, attributes), look, 0);
  const dy = channelsLast(inputs['dy']!, attributes);
  return [
    plan.fold(output!.shape, dy.shape.slice(0, -1), 'float', 'sum', (filter, [batch, ...out]) =>
      plan.expressions.apply(
        'multiplyDouble',
        x.at([batch!, ...seen(look, out, filter.slice(0, -2)), filter.at(-2)!]),
        dy.at([batch!, ...out, filter.at(-1)!]),
      ),
    ),
  ];
};

/** The channel of a result that a filter of a channel makes. */
const channelOf = (channel: Index, which: Index, filters: number): Index => plus(times(channel, filters), which);

const depthwise: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const filter = inputs['filter']!;
  const look = lookOf(inputs['x']!.shape, filter.shape, attributes, true);
  const x = widenedWith(plan, inputs['x']!, look, 0);
  const filters = filter.shape.at(-1)!;
  return [
    plan.fold(output!.shape, look.sizes, 'float', 'sum', (to, window) => {
      const [channel, which] = divided(to.at(-1)!, filters);
      return plan.expressions.apply(
        'multiplyDouble',
        x.at([to[0]!, ...seen(look, to.slice(1, -1), window), channel]),
        filter.at([...window, channel, which]),
      );
    }),
  ];
};

const depthwiseByInput: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const filter = inputs['filter']!;
  const { shape } = output!;
  const look = lookOf(shape, filter.shape, attributes, true);
  const back = spread(plan, inputs['dy']!, look, shape);
  const filters = filter.shape.at(-1)!;
  return [
    plan.fold(shape, [...look.sizes, filters], 'float', 'sum', (to, over) => {
      const [window, which] = [over.slice(0, -1), over.at(-1)!];
      const channel = to.at(-1)!;
      return plan.expressions.apply(
        'multiplyDouble',
        back.at([to[0]!, ...reaching(look, to.slice(1, -1), window), channelOf(channel, which, filters)]),
        filter.at([...window, channel, which]),
      );
    }),
  ];
};

const depthwiseByFilter: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const dy = inputs['dy']!;
  const { shape } = output!;
  const look = lookOf(inputs['x']!.shape, shape, attributes, true);
  const x = widenedWith(plan, inputs['x']!, look, 0);
  return [
    plan.fold(shape, dy.shape.slice(0, -1), 'float', 'sum', (to, [batch, ...out]) => {
      const [channel, which] = to.slice(-2) as [Index, Index];
      return plan.expressions.apply(
        'multiplyDouble',
        x.at([batch!, ...seen(look, out, to.slice(0, -2)), channel]),
        dy.at([batch!, ...out, channelOf(channel, which, shape.at(-1)!)]),
      );
    }),
  ];
};

const fused =
  (convolve: Definition): Definition =>
  (given) => [activated(given, convolve(given)[0]!)];

export const convolutions: Definitions = {
  Conv2D: convolution,
  Conv2DBackpropInput: byInput,
  Conv2DBackpropFilter: byFilter,
  Conv3D: convolution,
  Conv3DBackpropInputV2: byInput,
  Conv3DBackpropFilterV2: byFilter,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwiseByInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseByFilter,
  FusedConv2D: fused(convolution),
  FusedDepthwiseConv2D: fused(depthwise),
};
