/** A tensor's shape as errors tell it: `[2, 3]`. */
export const shapeOf = ({ shape }: { shape: readonly number[] }): string => `[${shape.join(', ')}]`;
