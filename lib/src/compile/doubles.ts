// Numbers as they are written: tensors hold float32, and a run in doubles wants more of them.

const Plain = globalThis.Float32Array;
const doubles = new WeakMap<object, Float64Array>();

/** A Float32Array that remembers the doubles that it was made of. */
class Remembering extends Plain {
  constructor(...args: unknown[]) {
    super(...(args as [number]));
    const [from] = args;
    if (Array.isArray(from) || from instanceof Float64Array) doubles.set(this, Float64Array.from(from as number[]));
  }

  static get [Symbol.species](): Float32ArrayConstructor {
    return Plain;
  }
}

// Whoever asks whether something is a Float32Array means any.
Object.defineProperty(Remembering, Symbol.hasInstance, {
  value: (list: unknown) => Object.prototype.isPrototypeOf.call(Plain.prototype, list as object),
});

/**
 * Runs code whose tensors remember the doubles that they are made of. TensorFlow.js turns numbers into float32 as soon as
 * it sees them, by the global Float32Array: for this long that is one that remembers.
 */
export function rememberingDoubles<T>(code: () => T): T {
  globalThis.Float32Array = Remembering;
  try {
    return code();
  } finally {
    globalThis.Float32Array = Plain;
  }
}

/** The doubles that a tensor's numbers were made of, or else its numbers. */
export const doublesOf = <N extends ArrayLike<number>>(numbers: N): N | Float64Array => doubles.get(numbers) ?? numbers;
