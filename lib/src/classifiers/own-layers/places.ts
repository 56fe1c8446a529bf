// Layers that move values, or gather them from places, in 1-D and 3-D, where tfjs has those of 2-D alone.
import { tf } from '../../tf';
import { defineLayer, forSides } from './define';

type Edges = number | number[] | number[][];

/** Pairs for the start and the end of each side. */
const pairs = (edges: Edges, sides: number): [number, number][] =>
  sides === 1 && Array.isArray(edges) && !Array.isArray(edges[0])
    ? [edges as [number, number]]
    : (forSides(edges as number, sides) as (number | number[])[]).map((each) =>
        Array.isArray(each) ? (each as [number, number]) : [each, each],
      );

for (const sides of [1, 3]) {
  defineLayer(`ZeroPadding${sides}D`, {
    shape: (input, { padding = 1 }: { padding?: Edges }) => {
      const edges = pairs(padding, sides);
      return input.map((side, i) => side + (edges[i]?.[0] ?? 0) + (edges[i]?.[1] ?? 0));
    },
    call: (x, _, { padding = 1 }) => tf.pad(x, [[0, 0], ...pairs(padding, sides), [0, 0]]),
  });
  defineLayer(`Cropping${sides}D`, {
    shape: (input, { cropping = 1 }: { cropping?: Edges }) => {
      const edges = pairs(cropping, sides);
      return input.map((side, i) => side - (edges[i]?.[0] ?? 0) - (edges[i]?.[1] ?? 0));
    },
    call: (x, _, { cropping = 1 }) => {
      const edges = pairs(cropping, sides);
      const size = x.shape.map((side, i) => side - (edges[i - 1]?.[0] ?? 0) - (edges[i - 1]?.[1] ?? 0));
      return x.slice([0, ...edges.map(([before]) => before), 0], size);
    },
  });
  defineLayer(`UpSampling${sides}D`, {
    shape: (input, { size = 2 }: { size?: number | number[] }) => {
      const times = forSides(size, sides);
      return input.map((side, i) => side * (times[i] ?? 1));
    },
    call: (x, _, { size = 2 }) => forSides(size, sides).reduce((y, times, i) => repeated(y, times, i + 1), x),
  });
}

/** Each value along an axis so many times, one behind the other. */
function repeated(x: tf.Tensor, times: number, axis: number): tf.Tensor {
  const long = x.shape.map((side, i) => (i === axis ? side * times : side));
  const rows = x.reshape([tf.util.sizeFromShape(x.shape.slice(0, axis + 1)), 1, -1]);
  return rows.tile([1, times, 1]).reshape(long);
}

const whole = [1, 2, 3];
const channels = (input: readonly number[]): number[] => [input.at(-1)!];
defineLayer('GlobalAveragePooling3D', { shape: channels, call: (x) => x.mean(whole) });
defineLayer('GlobalMaxPooling3D', { shape: channels, call: (x) => x.max(whole) });

/** Colours the other way round: of red, green and blue it makes blue, green and red. */
defineLayer('ReverseChannels', { call: (x) => x.reverse(-1) });
