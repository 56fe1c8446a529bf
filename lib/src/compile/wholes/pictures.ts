// Pictures that are looked up between their pixels.
import { tf } from '../../tf';
import type { Numbers } from '../../kernel';
import type { ArrayKernel } from './array-kernel';

type Method = 'bilinear' | 'nearest';
type Shape = [pictures: number, height: number, width: number, channels: number];

/** What stands at a row and a column; `fill` outside of the picture. */
function sample(
  { shape, values }: Numbers,
  picture: number,
  y: number,
  x: number,
  channel: number,
  method: Method,
  fill: number,
): number {
  const [, height, width, channels] = shape as Shape;
  const at = (row: number, column: number): number =>
    row >= 0 && row < height && column >= 0 && column < width
      ? values[((picture * height + row) * width + column) * channels + channel]!
      : fill;
  if (method === 'nearest') return at(Math.floor(y + 0.5), Math.floor(x + 0.5));
  const mixed = (a: number, b: () => number, share: number): number =>
    share === 0 ? a : a * (1 - share) + b() * share;
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const along = (row: number): number => mixed(at(row, left), () => at(row, left + 1), x - left);
  return mixed(along(top), () => along(top + 1), y - top);
}

/** Pictures, each of their numbers by its place. */
function painted(
  shape: Shape,
  number: (picture: number, row: number, column: number, channel: number) => number,
): Numbers[] {
  const [pictures, height, width, channels] = shape;
  const values = new Float64Array(pictures * height * width * channels);
  let place = 0;
  for (let picture = 0; picture < pictures; picture++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++) values[place++] = number(picture, row, column, channel);
  return [{ shape, values }];
}

const cropAndResize: ArrayKernel = (inputs, attributes) => {
  const { image, boxes, boxInd } = inputs as Record<'image' | 'boxes' | 'boxInd', Numbers>;
  const { cropSize, method, extrapolationValue } = attributes as {
    cropSize: [number, number];
    method: Method;
    extrapolationValue: number;
  };
  const [batch, height, width, channels] = image.shape as Shape;
  const along = (from: number, to: number, i: number, count: number, size: number): number =>
    (count > 1 ? from + ((to - from) * i) / (count - 1) : (from + to) / 2) * (size - 1);
  return painted([boxes.shape[0]!, ...cropSize, channels], (box, row, column, channel) => {
    const [y1, x1, y2, x2] = [0, 1, 2, 3].map((i) => boxes.values[4 * box + i]!) as [number, number, number, number];
    const picture = boxInd.values[box]!;
    if (picture >= batch) return 0;
    const [y, x] = [along(y1, y2, row, cropSize[0], height), along(x1, x2, column, cropSize[1], width)];
    const isInside = y >= 0 && y <= height - 1 && x >= 0 && x <= width - 1;
    return isInside ? sample(image, picture, y, x, channel, method, extrapolationValue) : extrapolationValue;
  });
};

type Fill = 'constant' | 'reflect' | 'wrap' | 'nearest';

/** A pixel's place as the filling sees it: outside the picture, inside again. */
function folded(place: number, size: number, mode: Fill): number {
  const inside = (at: number): number => Math.min(Math.max(at, 0), size - 1);
  if (mode === 'constant') return place;
  if (mode === 'nearest' || size === 1) return inside(place);
  if (mode === 'wrap') {
    const turns =
      place < 0 ? Math.floor(-place / (size - 1)) + 1 : place > size - 1 ? -Math.floor(place / (size - 1)) : 0;
    return inside(place + turns * size);
  }
  const once = place - Math.floor(place / (2 * size)) * 2 * size;
  return inside(once >= size ? 2 * size - 1 - once : once);
}

const transform: ArrayKernel = (inputs, attributes) => {
  const { image, transforms } = inputs as Record<'image' | 'transforms', Numbers>;
  const { interpolation, fillMode, fillValue, outputShape } = attributes as {
    interpolation: Method;
    fillMode: Fill;
    fillValue: number;
    outputShape?: [number, number];
  };
  const [batch, height, width, channels] = image.shape as Shape;
  const [rows, columns] = outputShape ?? [height, width];
  return painted([batch, rows, columns, channels], (picture, y, x, channel) => {
    const first = transforms.shape[0] === 1 ? 0 : 8 * picture;
    const a = (i: number): number => transforms.values[first + i]!;
    const scale = a(6) * x + a(7) * y + 1;
    if (scale === 0) return fillValue;
    const inX = folded((a(0) * x + a(1) * y + a(2)) / scale, width, fillMode);
    const inY = folded((a(3) * x + a(4) * y + a(5)) / scale, height, fillMode);
    return sample(image, picture, inY, inX, channel, interpolation, fillValue);
  });
};

const rotate: ArrayKernel = (inputs, attributes) => {
  const image = inputs['image'] as Numbers;
  const { radians, fillValue, center } = attributes as {
    radians: number;
    fillValue: number | [number, number, number];
    center: number | [number, number];
  };
  const [, height, width] = image.shape as Shape;
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return painted(image.shape as Shape, (picture, row, column, channel) => {
    const [x, y] = [column - centerX, row - centerY];
    const fill = typeof fillValue === 'number' ? fillValue : (fillValue[channel] ?? 255); // opaque
    return sample(image, picture, x * sin + y * cos + centerY, x * cos - y * sin + centerX, channel, 'nearest', fill);
  });
};

export const pictures: Record<string, ArrayKernel> = {
  CropAndResize: cropAndResize,
  Transform: transform,
  RotateWithOffset: rotate,
};
