import { lossChart, pickFrames, roundNumber, type Figure, type JsonObject, type LossChartOptions } from '../figures';
import { liveFigure } from './live-figure';

/** How the live chart is drawn: as `lossChart` draws it. */
export interface LiveLossOptions extends Omit<LossChartOptions, 'name' | 'description' | 'runs'> {
  /** The figure's name. Default: `loss`. */
  name?: string;
  /** How many updates the run makes at most. */
  iterations: number;
}

interface State {
  /** The number of updates made so far. */
  iteration: number;
  loss: number;
}

/** A loss chart that grows while a run makes it. */
export interface LiveLossChart {
  /** For the option of the same name of `descend`. */
  onIteration: (state: State) => void;
  /** Leaves the whole curve as a live chart. */
  finish: () => Promise<void>;
}

/**
 * A loss chart that grows while training runs.
 *
 * @example
 * const live = liveLossChart({ title: 'The loss falls', iterations: 500 });
 * const optimizer = tf.train.sgd(0.01);
 * const loss = ({ x }) => x.square();
 * await descend({ loss, variables: { x: 4 }, optimizer, iterations: 500, onIteration: live.onIteration });
 * await live.finish();
 */
export function liveLossChart({ iterations, ...options }: LiveLossOptions): LiveLossChart {
  const states: State[] = [];
  const live = liveFigure(lossOf([], iterations, options));
  return {
    onIteration({ iteration, loss }) {
      states.push({ iteration, loss });
      live.update(() => lossOf(states, iterations, options));
    },
    finish: () => live.finish(() => lossOf(states, iterations, options)),
  };
}

/** The curve so far, on an axis that is as long as the run; a thousand points are as good as all of them. */
function lossOf(states: State[], iterations: number, options: Omit<LiveLossOptions, 'iterations'>): Figure {
  const kept = pickFrames(states.length, 1000).map((i) => states[i]!);
  const [first, last] = [states[0], states.at(-1)];
  const chart = lossChart({
    name: 'loss',
    ...options,
    description:
      first && last
        ? `The loss after ${last.iteration} iterations is ${roundNumber(last.loss)}, from ${roundNumber(first.loss)}.`
        : 'The loss, before the first iteration.',
    runs: [{ name: 'loss', iterations: kept.map(({ iteration }) => iteration), loss: kept.map(({ loss }) => loss) }],
  });
  const xaxis = { ...(chart.layout.xaxis as JsonObject), range: [0, Math.max(1, iterations)] };
  return { ...chart, layout: { ...chart.layout, xaxis } };
}
