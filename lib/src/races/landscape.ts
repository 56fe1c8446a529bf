import type { OptimizerHyper } from '../optimizers';
import type { Objective } from './objectives';
import { race, runnerName, type RaceOptions, type RaceRun, type Runner } from './race';

/** One optimiser's final loss for each learning rate, on one ground. */
export interface Landscape {
  /** The runner's name. */
  optimizer: string;
  /** The learning rates that were tried. */
  rates: number[];
  /** The loss after the last step; undefined where the run diverged. */
  losses: (number | undefined)[];
  /** The update that was no longer finite, where the run diverged. */
  diverged: (number | undefined)[];
}

/** The landscapes of one ground, and the loss at its start. */
export interface Ground {
  name: string;
  startLoss: number;
  landscapes: Landscape[];
}

/** Learning rates from low to high, so many in each factor of ten, both ends included. */
export function decades(low: number, high: number, perDecade: number): number[] {
  const count = Math.round(Math.log10(high / low) * perDecade);
  return Array.from({ length: count + 1 }, (_, i) => Number((low * 10 ** (i / perDecade)).toPrecision(4)));
}

/** Runs an optimiser, by its name or one of your own, once for each learning rate. */
export async function learningRateLandscape(
  objective: Objective,
  optimizer: Runner['optimizer'],
  rates: number[],
  options: RateOptions = {},
): Promise<Landscape> {
  const runs = await raceAtRates(objective, optimizer, rates, options);
  return {
    optimizer: runnerName({ optimizer, name: options.name }),
    rates,
    losses: runs.map(({ finalLoss, diverged }) => (diverged === undefined ? finalLoss : undefined)),
    diverged: runs.map(({ diverged }) => diverged),
  };
}

/** The rate with the least final loss, and the rates around it whose final loss is below the loss at the start. */
export function stableRange(
  { rates, losses }: Pick<Landscape, 'rates' | 'losses'>,
  startLoss: number,
): { best: number; loss: number; from: number; to: number } | undefined {
  const holds = (i: number): boolean => (losses[i] ?? Infinity) < startLoss;
  const stable = rates.map((_, i) => i).filter(holds);
  if (stable.length === 0) return undefined;
  const best = stable.reduce((a, b) => (losses[b]! < losses[a]! ? b : a));
  let [low, high] = [best, best];
  while (low > 0 && holds(low - 1)) low--;
  while (high < rates.length - 1 && holds(high + 1)) high++;
  return { best: rates[best]!, loss: losses[best]!, from: rates[low]!, to: rates[high]! };
}

/** Two in each factor of ten, wide enough for all: lion wants small steps, adadelta's rate is a factor near 1. */
const COARSE = decades(1e-5, 10, 2);

/** What one optimiser's race at several rates needs beside the rates. */
export type RateOptions = { hyper?: OptimizerHyper; name?: string } & Pick<
  RaceOptions,
  'start' | 'steps' | 'signal' | 'compile'
>;

function raceAtRates(
  objective: Objective,
  optimizer: Runner['optimizer'],
  rates: readonly number[],
  { hyper, name, ...rest }: RateOptions,
): Promise<RaceRun[]> {
  const runners = rates.map((learningRate) => ({ optimizer, name, hyper: { ...hyper, learningRate } }));
  return race({ objective, runners, ...rest });
}

/** Races one optimiser at these rates, and returns the run with the least final loss; `stopped` if it was cut short. */
export async function bestRate(
  objective: Objective,
  optimizer: Runner['optimizer'],
  rates: readonly number[],
  options: RateOptions = {},
): Promise<RaceRun> {
  const runs = await raceAtRates(objective, optimizer, rates, options);
  const { stopped } = runs.at(-1)!;
  return { ...runs.reduce(lower), ...(stopped && { stopped }) };
}

/**
 * The learning rate with the least final loss: first from 1e-5 to 10 in half factors of ten, then between the
 * neighbours of the best. The run that it is best for is returned; `stopped` says that the search was cut short.
 *
 * @param elsewhere races a block of rates on another core or machine; default: here
 */
export async function tune(
  objective: Objective,
  optimizer: Runner['optimizer'],
  options: RateOptions = {},
  elsewhere?: (rates: readonly number[]) => Promise<RaceRun>,
): Promise<RaceRun> {
  const best = elsewhere ?? ((rates) => bestRate(objective, optimizer, rates, options));
  const coarse = await best(COARSE);
  if (coarse.stopped) return coarse;
  const around = coarse.hyper.learningRate as number;
  const fine = await best(
    [-0.375, -0.25, -0.125, 0.125, 0.25, 0.375].map((e) => Number((around * 10 ** e).toPrecision(3))),
  );
  return { ...lower(coarse, fine), ...(fine.stopped && { stopped: fine.stopped }) };
}

/** The run that ends lower, the first of two equals. */
const lower = (a: RaceRun, b: RaceRun): RaceRun => (height(b) < height(a) ? b : a);

/** What tuning compares: a run that diverged is above all others. */
const height = ({ finalLoss, diverged }: RaceRun): number => (diverged === undefined ? finalLoss : Infinity);
