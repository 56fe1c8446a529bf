// Measures one subject: for each line "POINT|STYLE" runs it once and prints one line of JSON, as bench/peers/serve.py.
import { tf } from 'descent-lab';
import { createInterface } from 'node:readline';
import { attackPoints, forwardPoints, gradientPoints, importPoints, trainingPoints } from './network';
import { decodePoints, evaluationPoints } from './photos';
import { minimiserPoints } from './minimisers';
import { racePoints } from './race';
import { regressionPoints } from './regression';
import { forcePoints, iterationPoints, minAnglePoints, searchPoints, variancePoints } from './spread';
import type { Points } from './subject';

const subjects: Record<string, (scratch: string) => Points | Promise<Points>> = {
  regression: regressionPoints,
  'minimum angle': minAnglePoints,
  variance: variancePoints,
  force: forcePoints,
  race: racePoints,
  search: searchPoints,
  minimisers: minimiserPoints,
  iteration: iterationPoints,
  forward: forwardPoints,
  gradient: gradientPoints,
  attack: attackPoints,
  training: () => trainingPoints(),
  import: importPoints,
  decode: decodePoints,
  evaluation: evaluationPoints,
};

const print = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function main(): Promise<void> {
  const [subject = '', scratch = ''] = process.argv.slice(2);
  const points = await subjects[subject]!(scratch);
  const ready = Object.fromEntries(Object.entries(points).map(([point, styles]) => [point, Object.keys(styles)]));
  print({
    ready,
    versions: { Node: process.version.slice(1), 'TensorFlow.js': tf.version.tfjs, backend: tf.getBackend() },
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const [point, style] = line.split('|');
    const work = points[point!]![style!]!;
    const begin = performance.now();
    const check = await work();
    print({ ms: performance.now() - begin, check });
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
