import type { races } from 'descent-lab';
import { bestRate, findObjective } from 'descent-lab/internal';
import type { RaceJob } from '../jobs';

export const raceTask = ({ objective, optimizer, hyper, rates, start, steps }: RaceJob): Promise<races.RaceRun> =>
  bestRate(findObjective(objective), optimizer, rates, { hyper, start, steps });
