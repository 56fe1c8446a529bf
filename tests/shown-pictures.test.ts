// A figure shows what the network saw: asked about each picture that it holds, the network gives the answer beside it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { answersTo, loadClassifier, type Classifier } from '../lib/src/classifiers';
import { attack } from 'descent-lab';
import {
  comparisonFigure,
  confidenceFigure,
  photosFigure,
  stripFigure,
  type Figure,
  type JsonObject,
} from '../lib/src/figures';
import { decodePicture, readPhoto, stackPictures } from '../lib/src/pictures';
import { figuresOf } from '../publish/src/notebooks/figure-outputs';
import { readNotebook } from '../publish/src/notebooks/notebook';

const root = join(__dirname, '..');
type Drawn = Pick<Figure, 'data' | 'layout' | 'frames'>;
/** A picture of a figure, and what stands beside it: classes and their probabilities in percent. */
interface Shown {
  source: string;
  told: [label: string, percent: number][];
}

/** The traces as the figure first shows them, and as each frame does. */
const statesOf = ({ data, frames = [] }: Drawn): JsonObject[][] => [
  data,
  ...frames.map((frame) => data.map((trace, i) => ({ ...trace, ...frame.data[frame.traces!.indexOf(i)] }))),
];

/** Where a trace's panel begins and ends, from left to right. */
function across({ layout }: Drawn, trace: JsonObject): [from: number, to: number] {
  const axis = layout[(trace['xaxis'] as string).replace('x', 'xaxis')] as { domain: [number, number] };
  return axis.domain;
}

/** What a trace says of the classes: bars of either direction, or a curve that has come to its last point. */
function probabilitiesOf(trace: JsonObject, classes: readonly string[]): Shown['told'] {
  const [x, y] = [trace['x'], trace['y']] as (string | number)[][];
  if (trace['type'] === 'scatter' && classes.includes(trace['name'] as string))
    return [[trace['name'] as string, y!.at(-1) as number]];
  if (trace['type'] !== 'bar') return [];
  const [names, values] = trace['orientation'] === 'h' ? [y!, x!] : [x!, y!];
  return names.map((name, i) => [String(name), Number(values[i])]);
}

/** The pictures beside which an answer stands: in bold above them, below them as bars, or as bars or curves at the side. */
function shownIn(figure: Drawn, classes: readonly string[]): Shown[] {
  const headings = figure.layout['annotations'] as { x: number; text: string }[];
  return statesOf(figure).flatMap((state) => {
    const pictures = state.filter(({ type }) => type === 'image');
    const alone = new Set(state.map((trace) => across(figure, trace).join())).size > pictures.length;
    return pictures.flatMap((picture, i) => {
      const [from, to] = across(figure, picture);
      const above = headings
        .filter(({ x }) => x > from && x < to)
        .flatMap(({ text }) =>
          [...text.matchAll(/<b>(\S+?)(?: |<\/b><br><b>)([\d.]+) %<\/b>/g)].map((match) => [
            match[1]!,
            Number(match[2]),
          ]),
        );
      const beside = state.filter((trace) => (alone ? i === 0 : across(figure, trace)[0] === from));
      const told = [...above, ...beside.flatMap((trace) => probabilitiesOf(trace, classes))] as Shown['told'];
      return told.length > 0 ? [{ source: picture['source'] as string, told }] : [];
    });
  });
}

/** Asks the network about every picture that an answer stands beside. Returns how many there are. */
async function checkAnswers(figure: Drawn, name: string, classifier: Classifier): Promise<number> {
  const { input, classes } = classifier;
  const shown = shownIn(figure, classes);
  if (shown.length === 0) return 0;
  const pictures = await Promise.all(
    shown.map(({ source }) => decodePicture(Buffer.from(source.split(',')[1]!, 'base64'), input)),
  );
  answersTo(classifier, pictures).forEach(({ all }, i) => {
    for (const [label, percent] of shown[i]!.told) {
      const asked = 100 * all[classes.indexOf(label)]!;
      assert.ok(
        Math.abs(asked - percent) < 0.06,
        `${name}, picture ${i + 1}: "${label} ${percent} %" stands beside it, ` +
          `and the network gives it ${asked.toFixed(1)} %`,
      );
    }
  });
  return shown.length;
}

const loading = loadClassifier(join(root, 'models/cats-dogs'));

test('the figures of an attack hold the very pictures that their answers are about', async () => {
  const classifier = await loading;
  const { input: size, classes } = classifier;
  const pixels = await readPhoto(join(root, 'data/photos/dog-resting.jpg'), size);
  const [example] = await attack(classifier, stackPictures([pixels], size), { target: 'cat', steps: 3 });
  const photo = { name: 'a dog', example: example! };
  const states = example!.pictures.map((picture, i) => ({
    name: 'a dog',
    pixels: picture,
    probabilities: example!.answers[i]!,
  }));
  const common = { name: 'figure', title: 'title', size };
  assert.equal(await checkAnswers(await photosFigure(states, { ...common, classes }), 'photos', classifier), 4);
  assert.equal(await checkAnswers(await comparisonFigure([photo], common), 'comparison', classifier), 2);
  assert.equal(await checkAnswers(await stripFigure(photo, common), 'strip', classifier), 4);
  assert.equal(
    await checkAnswers(
      await confidenceFigure(states, { ...common, classes, change: 'values changed' }),
      'confidence',
      classifier,
    ),
    5,
  );
});

test('so do the figures of the committed notebooks', async () => {
  const classifier = await loading;
  const counts: Record<string, number> = {};
  const notebooks = ['03-fool-a-classifier', '06-robustness'].map((name) => join(root, `notebooks/${name}.ipynb`));
  for (const { name, payload } of notebooks.flatMap((path) => figuresOf(readNotebook(path)))) {
    if (!payload.data.some(({ type }) => type === 'image')) continue;
    counts[name!] = await checkAnswers(payload, name!, classifier);
  }
  assert.deepEqual(counts, {
    'fool-five-photos': 5,
    'fool-gradient': 0,
    'fool-cat-to-dog': 5,
    'fool-dog-to-cat': 5,
    'fool-confidence': 8,
    'fool-epsilons': 5,
    'attack-to-try': 2,
    'fool-nothing': 3,
  });
});
