import { tf } from '../../tf';
import { defineLayer } from './define';
import { lineWeights, type Interpolation, type LineWeights, type Span } from './resample';

interface Resizing {
  height: number;
  width: number;
  interpolation?: Interpolation;
  antialias?: boolean;
  cropToAspectRatio?: boolean;
  padToAspectRatio?: boolean;
  fillValue?: number;
}

/** What of a side is resized, so that the picture keeps its aspect ratio. */
function spanOf(side: number, other: number, target: number, otherTarget: number, options: Resizing): Span {
  const fitting = Math.trunc(Math.fround(Math.fround(other * target) / otherTarget));
  if (options.cropToAspectRatio) {
    const size = Math.max(Math.min(side, fitting), 1);
    return { start: Math.trunc((side - size) / 2), size };
  }
  if (!options.padToAspectRatio) return { start: 0, size: side };
  const pad = Math.trunc((Math.max(side, fitting) - side) / 2); // on both sides, so that an odd rest is lost
  return { start: -pad, size: side + 2 * pad };
}

/** Pictures [.., length] times the weights of a line of them: [.., outputs]. */
const along = (x: tf.Tensor, { weights, outputs, inputs }: LineWeights): tf.Tensor =>
  x
    .reshape([-1, inputs])
    .matMul(tf.tensor2d(weights, [outputs, inputs]), false, true)
    .reshape([...x.shape.slice(0, -1), outputs]);

/** Sums of what each pixel of a line is made of: 1, less where it lies outside the picture. */
const sums = ({ weights, outputs, inputs }: LineWeights): tf.Tensor1D =>
  tf.tensor2d(weights, [outputs, inputs]).sum<tf.Tensor1D>(1);

/** Pictures at another size, as tf.image.resize makes them: tfjs' own takes a pixel's corner for its middle. */
defineLayer('KerasResizing', {
  shape: (input, { height, width }: Resizing) => [height, width, ...input.slice(2)],
  call: (x, _, options) => {
    const { height, width, interpolation = 'bilinear', antialias = false, fillValue = 0 } = options;
    const [, rows, columns] = x.shape as [number, number, number];
    const down = spanOf(rows, columns, height, width, options);
    const right = spanOf(columns, rows, width, height, options);
    const vertical = lineWeights(rows, down, height, interpolation, antialias);
    const horizontal = lineWeights(columns, right, width, interpolation, antialias);
    const resized = along(along(x.transpose([0, 2, 3, 1]), vertical).transpose([0, 3, 2, 1]), horizontal);
    const pictures = resized.transpose([0, 1, 3, 2]);
    if (!options.padToAspectRatio || fillValue === 0) return pictures;
    const inside = sums(vertical)
      .reshape([1, height, 1, 1])
      .mul(sums(horizontal).reshape([1, 1, width, 1]));
    return pictures.add(tf.sub(1, inside).mul(fillValue));
  },
});
