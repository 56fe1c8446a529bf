// The regression by hand, as notebook 1 runs it.
import { descend, readColumns, tf, losses } from 'descent-lab';
import { join } from 'node:path';
import { root } from '../places';
import { compiling, iterationsOf, type Points } from './subject';

export function regressionPoints(): Points {
  const { height, weight } = readColumns(join(root, 'data', 'height-weight.csv'), {
    height: { column: 'Height' },
    weight: { column: 'Weight' },
  }).columns;
  const loss = losses.lineLoss(tf.tensor1d(height.values), tf.tensor1d(weight.values));
  const stepDown = (value: tf.Tensor, gradient: tf.Tensor): tf.Tensor => value.sub(gradient.mul(2e-5));
  const variables = { slope: 5, intercept: -230.530985 };
  return Object.fromEntries(
    [25, 1000, 10_000].map((iterations) => [
      iterationsOf(iterations),
      compiling(async (compile) => {
        const run = await descend({ loss, variables, optimizer: stepDown, iterations, every: iterations, compile });
        return run.loss[iterations - 1]!;
      }),
    ]),
  );
}
