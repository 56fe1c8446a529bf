// The six classic optimisers down Beale's function.
import { optimizers, race, races } from 'descent-lab';
import { compiling, iterationsOf, type Points } from './subject';

export function racePoints(): Points {
  const { beale } = races.objectives;
  const runners = races.suitableRunners('beale', optimizers.classicOptimizers);
  return Object.fromEntries(
    [200, 2000].map((steps) => [
      iterationsOf(steps),
      compiling(async (compile) => {
        const runs = await race({ objective: beale, runners, steps, compile });
        const losses = runs.flatMap(({ loss }) => loss.slice(0, steps));
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      }),
    ]),
  );
}
