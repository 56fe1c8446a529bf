import { bestRate, findObjective, type RaceRun } from 'descent-lab';
import type { RaceJob } from '../jobs';

export const raceTask = ({ objective, optimizer, hyper, rates, start, steps }: RaceJob): Promise<RaceRun> =>
  bestRate(findObjective(objective), optimizer, rates, { hyper, start, steps });
