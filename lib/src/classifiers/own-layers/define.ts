import { tf } from '../../tf';

/** What a layer of ours computes, and how. */
export interface OwnLayer<Options> {
  /** The shapes of its weights by their names, in Keras' order. Default: it has none. */
  weights?: (input: readonly number[], options: Options) => Record<string, readonly number[]>;
  /** The shape of what it gives, without the number of pictures at its front. Default: that of what it takes. */
  shape?: (input: readonly number[], options: Options) => readonly number[];
  /** @param x [B, ...input] */
  call: (x: tf.Tensor, weights: Record<string, tf.Tensor>, options: Options) => tf.Tensor;
}

type LayerArguments = ConstructorParameters<typeof tf.layers.Layer>[0];

/** Makes a layer known to tfjs, and so to every description of a network, under this name. */
export function defineLayer<Options extends object>(className: string, layer: OwnLayer<Options>): void {
  class Own extends tf.layers.Layer {
    static readonly className = className;
    private readonly made: Record<string, ReturnType<tf.layers.Layer['addWeight']>> = {};

    constructor(private readonly options: Options & LayerArguments) {
      super(options);
    }

    override build(inputShape: tf.Shape): void {
      const shapes = layer.weights?.(inputShape.slice(1) as number[], this.options) ?? {};
      for (const [name, shape] of Object.entries(shapes)) {
        this.made[name] = this.addWeight(name, [...shape], 'float32', tf.initializers.zeros());
      }
      this.built = true;
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const weights = Object.fromEntries(Object.entries(this.made).map(([name, weight]) => [name, weight.read()]));
      return tf.tidy(() => layer.call([inputs].flat()[0]!, weights, this.options));
    }

    override computeOutputShape(inputShape: tf.Shape): tf.Shape {
      const [batch, ...input] = inputShape as number[];
      return [batch!, ...(layer.shape?.(input, this.options) ?? input)];
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), ...this.options };
    }
  }
  tf.serialization.registerClass(Own);
}

/** Options stand for each side, or once for all. */
export const forSides = (value: number | readonly number[] | undefined, sides: number): number[] =>
  Array.isArray(value) ? [...(value as number[])] : Array.from({ length: sides }, () => (value as number) ?? 1);
