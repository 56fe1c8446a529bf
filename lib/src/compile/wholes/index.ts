// Kernels that are functions of whole arrays, in doubles: what they make of one number depends on all of them.
import { failure, ownKernel, type Numbers } from '../../kernel';
import type { ArrayKernel } from './array-kernel';
import { fourier } from './fourier';
import { topK } from './order';
import { pictures } from './pictures';
import { ragged } from './ragged';

const arrayKernels: Readonly<Record<string, ArrayKernel>> = { ...fourier, ...pictures, ...ragged, TopK: topK };

/** A kernel as a function of plain numbers; undefined where there is none. */
export function arrayKernel(name: string): ArrayKernel | undefined {
  const own = ownKernel(name);
  if (!own) return Object.hasOwn(arrayKernels, name) ? arrayKernels[name] : undefined;
  return (inputs, attributes) => {
    try {
      return own.plain(
        own.inputs.map((input) => inputs[input] as Numbers),
        attributes,
      );
    } catch (error) {
      throw failure(name, error as Error);
    }
  };
}
