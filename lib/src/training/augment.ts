import type { Random } from '../random';
import { tf } from '../tf';
import { nativeRun } from '../native';

/** How photos are varied, so that the network learns what matters: each value is uniform from -limit to limit. */
const LIMITS = {
  /** Degrees. */
  rotation: 10,
  /** The picture grows or shrinks by up to this part of its size. */
  zoom: 0.15,
  /** Up to this part of the width and the height. */
  shift: 0.1,
};

/** What is done to a picture: mirrored or not, turned by radians about its centre, magnified, moved by pixels. */
export interface Variation {
  mirrored: boolean;
  angle: number;
  magnification: number;
  right: number;
  down: number;
}

/** Draws a variation for pictures of a size. */
export function drawVariation(random: Random, height: number, width: number): Variation {
  const within = (limit: number): number => random.uniform(-limit, limit);
  return {
    mirrored: random.uniform() < 0.5,
    angle: (within(LIMITS.rotation) * Math.PI) / 180,
    magnification: 1 + within(LIMITS.zoom),
    right: within(LIMITS.shift) * width,
    down: within(LIMITS.shift) * height,
  };
}

/**
 * The projective transform, in TensorFlow's eight numbers, that looks up for each place of the result where it was in
 * the picture: [x, y] was at [t0 x + t1 y + t2, t3 x + t4 y + t5].
 */
export function transformOf(
  { mirrored, angle, magnification, right, down }: Variation,
  height: number,
  width: number,
): number[] {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const [cos, sin] = [Math.cos(angle) / magnification, Math.sin(angle) / magnification];
  const flip = mirrored ? -1 : 1;
  const [a, b, c, d] = [flip * cos, flip * sin, -sin, cos];
  const [fromX, fromY] = [centreX + right, centreY + down];
  return [a, b, centreX - a * fromX - b * fromY, c, d, centreY - c * fromX - d * fromY, 0, 0];
}

/**
 * Varies each picture of a batch [B, height, width, channels] in its own way. What comes in from outside mirrors the
 * inside. One pass over the pixels: the four changes are one transform, bilinear.
 */
export function varyPictures(images: tf.Tensor4D, variations: readonly Variation[]): tf.Tensor4D {
  const [, height, width] = images.shape;
  return tf.tidy(() => {
    const transforms = tf.tensor2d(variations.map((variation) => transformOf(variation, height, width)));
    const run = nativeRun();
    if (!run) {
      // one by one: tfjs 4.22's own does only the first picture of a batch
      const parts = tf.split<tf.Tensor2D>(transforms, variations.length);
      return tf.concat(
        tf
          .split<tf.Tensor4D>(images, variations.length)
          .map((image, i) => tf.image.transform(image, parts[i] as tf.Tensor2D, 'bilinear', 'reflect')),
      );
    }
    return run(
      'ImageProjectiveTransformV3',
      [images, transforms, tf.tensor1d([height, width], 'int32'), tf.scalar(0)],
      { T: undefined, dtype: { type: 'float32' }, interpolation: { text: 'BILINEAR' }, fill_mode: { text: 'REFLECT' } },
    )[0] as tf.Tensor4D;
  });
}
