/** How many elements a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A tensor's shape as errors tell it: `[2, 3]`. */
export const shapeOf = ({ shape }: { shape: readonly number[] }): string => `[${shape.join(', ')}]`;
