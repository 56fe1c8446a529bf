// Kernels that make pictures of another size.
import { placeOf, plus, fixed, times, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import { zeros, type Definition, type Definitions } from './definition';

interface Resize {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
}
type Method = 'bilinear' | 'nearest';

/** Where a pixel of the larger or smaller picture lies in the other along one axis: between two, and how far. */
interface Between {
  first: Index;
  next: Index;
  /** 0 at the first, up to 1 at the next. */
  share: Expression;
}

/** In whole numbers as long as it goes: a quotient that is rounded may lie on the other side of a pixel. */
function between(
  plan: Plan,
  at: Index,
  count: number,
  size: number,
  { alignCorners, halfPixelCenters }: Resize,
  method: Method,
): Between {
  const { expressions: e } = plan;
  const whole = (value: number): Expression => e.constant(value, 'int');
  const [from, to] = alignCorners && count > 1 ? [size - 1, count - 1] : [size, count];
  const by = 2 * to; // halves of pixels are whole numbers
  const shifts = {
    bilinear: halfPixelCenters ? from - to : 0,
    nearest: alignCorners ? to : halfPixelCenters ? from : 0,
  };
  const numerator = e.index(plus(times(at, 2 * from), fixed(shifts[method])));
  const inside = e.apply('clip', whole(0), whole((size - 1) * by), numerator);
  const quotient = e.apply('floorDivide', inside, whole(by));
  const rest = e.apply('subtractWhole', inside, e.apply('multiplyWhole', quotient, whole(by)));
  return {
    first: e.indexFrom(quotient, size),
    next: e.indexFrom(e.apply('minimum', whole(size - 1), e.apply('addWhole', quotient, whole(1))), size),
    share: e.apply('divide', rest, whole(by)),
  };
}

const resize =
  (method: Method): Definition =>
  ({ plan, inputs, attributes, outputs: [output] }) => {
    const images = inputs['images']!;
    const { expressions: e } = plan;
    const [, rows, columns] = output!.shape as [number, number, number];
    const [, height, width] = images.shape as [number, number, number];
    const at = ([picture, row, column, channel]: readonly Index[]): Expression => {
      const y = between(plan, row!, rows, height, attributes as unknown as Resize, method);
      const x = between(plan, column!, columns, width, attributes as unknown as Resize, method);
      const pixel = (down: Index, right: Index): Expression => images.at([picture!, down, right, channel!]);
      if (method === 'nearest') return pixel(y.first, x.first);
      const mixed = (a: Expression, b: Expression, share: Expression): Expression =>
        e.apply('add', a, e.apply('multiply', e.apply('subtract', b, a), share));
      const along = (down: Index): Expression => mixed(pixel(down, x.first), pixel(down, x.next), x.share);
      return mixed(along(y.first), along(y.next), y.share);
    };
    return [{ shape: output!.shape, kind: images.kind, at }];
  };

/** What comes back of a resized picture, added up at the pixels that it was made of. */
const resizeGrad =
  (method: Method): Definition =>
  ({ plan, inputs, attributes }) => {
    const { images, dy } = inputs as Record<'images' | 'dy', Elements>;
    const { expressions: e } = plan;
    const { shape } = images;
    const [, rows, columns] = dy.shape as [number, number, number];
    const places = ([, row, column]: readonly Index[]): [y: Between, x: Between] => [
      between(plan, row!, rows, shape[1]!, attributes as unknown as Resize, method),
      between(plan, column!, columns, shape[2]!, attributes as unknown as Resize, method),
    ];
    const shareOf = ({ share }: Between, which: 'first' | 'next'): Expression =>
      which === 'next' ? share : e.apply('subtract', e.constant(1), share);
    const part = (down: 'first' | 'next', right: 'first' | 'next') => ({
      value: {
        ...dy,
        at: (to: readonly Index[]): Expression => {
          if (method === 'nearest') return dy.at(to);
          const [y, x] = places(to);
          return e.apply('multiply', dy.at(to), e.apply('multiply', shareOf(y, down), shareOf(x, right)));
        },
      },
      adds: true,
      place: (to: readonly Index[]): Index => {
        const [y, x] = places(to);
        return placeOf([to[0]!, y[down], x[right], to[3]!], shape);
      },
    });
    const corners = [part('first', 'first'), part('first', 'next'), part('next', 'first'), part('next', 'next')];
    return [
      plan.assemble(shape, 'float', [
        { value: zeros(plan, shape, 'float'), place: (to) => placeOf(to, shape) },
        ...(method === 'nearest' ? corners.slice(0, 1) : corners),
      ]),
    ];
  };

export const pictures: Definitions = {
  ResizeBilinear: resize('bilinear'),
  ResizeBilinearGrad: resizeGrad('bilinear'),
  ResizeNearestNeighbor: resize('nearest'),
  ResizeNearestNeighborGrad: resizeGrad('nearest'),
};
