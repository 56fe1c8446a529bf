import { descend, type Trajectory, type UpdateRule } from '../descent';
import type { tf } from '../tf';
import type { Line } from '../losses/line';

/** How each of several descents from different starts is run. */
export interface DescendFromOptions {
  /** The loss of a line, as `lineLoss` makes it. */
  loss: (variables: { slope: tf.Tensor; intercept: tf.Tensor }) => tf.Tensor;
  /** Makes the optimiser of one run; or an update written by hand, returned. */
  optimizer: () => tf.Optimizer | UpdateRule;
  /** Updates of each descent. */
  iterations: number;
}

/** The same descent from several starts, one after the other: the trajectories under the names of the starts. */
export async function descendFrom<K extends string>(
  starts: Record<K, Line>,
  { loss, optimizer, iterations }: DescendFromOptions,
): Promise<Record<K, Trajectory<Line>>> {
  const runs: Partial<Record<K, Trajectory<Line>>> = {};
  for (const [name, variables] of Object.entries(starts) as [K, Line][]) {
    runs[name] = await descend({ loss, variables, optimizer: optimizer(), iterations });
  }
  return runs as Record<K, Trajectory<Line>>;
}

/** One line of text for each run: where it ended, and its last loss. */
export function describeRuns(title: string, runs: Record<string, Trajectory<Line>>): string {
  return Object.entries(runs)
    .map(
      ([name, { final, loss }]) =>
        `${title}, ${name}: slope ${final.slope.toFixed(3)}, ` +
        `intercept ${final.intercept.toFixed(2)}, loss ${loss.at(-1)!.toFixed(2)}`,
    )
    .join('\n');
}
