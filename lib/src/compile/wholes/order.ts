import type { Numbers } from '../../kernel';
import type { ArrayKernel } from './array-kernel';

/** The largest numbers of each row and their places; of equal ones, the first. */
export const topK: ArrayKernel = (inputs, attributes) => {
  const { shape, values } = inputs['x'] as Numbers;
  const k = attributes['k'] as number;
  const width = shape.at(-1)!;
  const rows = values.length / width;
  const to = [...shape.slice(0, -1), k];
  const [largest, places] = [new Float64Array(rows * k), new Int32Array(rows * k)];
  for (let row = 0; row < rows; row++) {
    const at = (place: number): number => values[row * width + place]!;
    const order = Array.from({ length: width }, (_, place) => place).sort((a, b) => at(b) - at(a) || a - b);
    for (let i = 0; i < k; i++) {
      largest[row * k + i] = at(order[i]!);
      places[row * k + i] = order[i]!;
    }
  }
  return [
    { shape: to, values: largest },
    { shape: to, values: places },
  ];
};
