import { tf } from '../tf';
import type { NamedTensor, Rule } from './rule';

/** What tfjs keeps in its optimisers, beyond their public face. */
type Inside = tf.Optimizer & {
  learningRate: number;
  setLearningRate?: (rate: number) => void;
  /** SGD's learning rate as a tensor, which momentum, its subclass, forgets to free. */
  c?: tf.Tensor;
};

/** Moves variables by one of tfjs' own optimisers, whose state is in the order of the gradients it is given. */
export class TfjsRule implements Rule {
  private inside?: Inside;

  constructor(private readonly make: (rate: number) => tf.Optimizer) {}

  /** Makes it outlive the tidy around this update: momentum has its factor in a tensor that it does not protect. */
  private start(rate: number): Inside {
    const inside = this.make(rate) as Inside;
    Object.values(inside).forEach((field) => {
      if (field instanceof tf.Tensor) tf.keep(field);
    });
    return inside;
  }

  apply(gradients: NamedTensor[], rate: number): void {
    const inside = (this.inside ??= this.start(rate));
    if (inside.learningRate !== rate) {
      if (inside.setLearningRate) inside.setLearningRate(rate);
      else inside.learningRate = rate;
    }
    inside.applyGradients(gradients);
  }

  async getState(): Promise<NamedTensor[]> {
    const [iterations, ...state] = (await this.inside?.getWeights()) ?? [];
    iterations?.tensor.dispose(); // the optimiser around this one counts itself
    return state;
  }

  async setState(state: NamedTensor[], iterations: number): Promise<void> {
    this.dispose();
    this.inside = this.start(1);
    const count = tf.scalar(iterations, 'int32');
    await this.inside.setWeights([{ name: 'iter', tensor: count }, ...state]);
    count.dispose();
  }

  dispose(): void {
    this.inside?.dispose();
    if (this.inside?.c && !this.inside.c.isDisposed) this.inside.c.dispose();
    this.inside = undefined;
  }
}
