// A thread of the pool: what Piscina loads.
import { workerData } from 'piscina';
import { execute } from './execute';
import { Machine, type MachineOptions } from './machine';

const machine = new Machine(workerData as MachineOptions);

export default (job: unknown): Promise<string> => execute(job, machine);
