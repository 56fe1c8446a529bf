import test from 'node:test';
import assert from 'node:assert/strict';
import {
  comparisonFigure,
  confidenceFigure,
  jpegFigure,
  leastChangeFigure,
  leastChangeHistogram,
  liveliestPatch,
  networkFigure,
  patchFigure,
  photosFigure,
  picturesFigure,
  saturationFigure,
  stepsFigure,
  storageFigure,
  successFigure,
  transferFigure,
  type Figure,
} from '../lib/src/figures';
import { lookAmong } from '../lib/src/figures/chart/palette';
import { decodePicture, encodePicture, signedPicture } from '../lib/src/pictures';
import { magnifyChange } from '../lib/src/pictures/picture';
import { Random } from 'descent-lab';
import { type EvaluationRow } from '../lib/src/evaluation';
import { type AdversarialExample } from '../lib/src/attacks';

const size = { height: 12, width: 10, channels: 3 } as const;
const classes = ['cat', 'dog'];
const random = new Random(2);
const noise = (): Float32Array => Float32Array.from({ length: 360 }, () => random.integer(10, 245) / 255);
const original = noise();
const states = [0, 1, 2].map((step) => original.map((value, i) => value + (i % 2 === 0 ? step : -step) / 255));
const example: AdversarialExample = {
  label: 'cat',
  success: true,
  pictures: states,
  answers: [
    [0.9, 0.1],
    [0.6, 0.4],
    [0.2, 0.8],
  ],
  steps: [
    { step: 0, label: 'cat', probability: 0.9, linf: 0, l2: 0, psnr: Infinity },
    { step: 1, label: 'cat', probability: 0.6, linf: 1 / 255, l2: 0.07, psnr: 48.1 },
    { step: 2, label: 'dog', probability: 0.8, linf: 2 / 255, l2: 0.15, psnr: 42.1 },
  ],
};
const photo = { name: 'a photo', example };
const says = { name: 'figure', title: 'title' };
const pictures = { ...says, size };
const answers = { ...pictures, classes };
/** Half of the values as in the last picture. */
const half = original.map((value, i) => (i % 2 === 0 ? states[2]![i]! : value));
const row = (attack: string, epsilon: number, success: number, transfer: number | null): EvaluationRow => ({
  attack,
  epsilon: epsilon / 255,
  n: 50,
  accuracy: 0.5,
  success,
  low: success / 2,
  high: (1 + success) / 2,
  linf: null,
  l2: null,
  psnr: null,
  transfer,
});
const rows = [
  row('pgd', 0.25, 0.5, 0.125),
  row('pgd', 1, 0.75, null),
  row('pgd+jpeg50', 0.25, 0.25, null),
  row('pgd+jpeg50', 1, 0.5, null),
  row('pgd+jpeg90', 0.25, 0.375, null),
  row('pgd+jpeg90', 1, 0.625, null),
  row('noise', 0.25, 0, null),
  row('noise', 1, 0.02, 1),
];
const plain = rows.filter(({ attack }) => !attack.includes('+'));

test('every figure of an attack tells its numbers in words', async () => {
  const made: [Figure, RegExp][] = [
    [
      await photosFigure([{ name: 'a photo', pixels: original, probabilities: [0.9, 0.1] }], answers),
      /a photo: cat 90\.0 %/,
    ],
    [await comparisonFigure([photo], pictures), /cat 90\.0 % becomes dog 80\.0 %.*2\.00\/255, PSNR 42\.1 dB/],
    [await picturesFigure([{ caption: 'its sign', pixels: original }], pictures), /its sign/],
    [
      await stepsFigure(photo, answers),
      /after 0 cat 90\.0 %, after 1 cat 60\.0 %, after 2 dog 80\.0 %; no value changed by more than 2\.00\/255/,
    ],
    [
      await confidenceFigure(
        [original, half, example.pictures[2]!].map((pixels, i) => ({
          name: 'a photo',
          pixels,
          probabilities: example.answers[i]!,
        })),
        { ...answers, change: 'values changed' },
      ),
      /cat 90\.0 % at first, dog 80\.0 % with 100 % of the values changed; the answer is another one from 100 % on/,
    ],
    [patchFigure(photo, { ...pictures, corner: { row: 1, column: 2 } }), /rows 1 to 6, columns 2 to 7.*from -2 to 2/],
    [saturationFigure([{ name: 'on logits', lead: [3, -1], gradient: [0.5, 0.5] }], says), /from 3\.0 to -1\.0/],
    [
      storageFigure(
        [
          { photo: 'x', label: 'cat', success: true, own: [0.1, 0.7], survives: [true, false] },
          { photo: 'y', label: 'cat', success: false, own: [0.6, 0.4], survives: [false, true] },
        ],
        { ...says, formats: ['PNG', 'JPEG 50'] },
      ),
      /The attack had success on 1 of 2 photos\..* PNG 1, JPEG 50 0/,
    ],
    [
      leastChangeFigure([{ photo: 'x', least: 0.3, article: 2.4, noiseLength: 3.48, before: 0.9, noise: 0.95 }], {
        ...says,
        steps: 4,
      }),
      /x 0\.30, the article's 2\.40, noise 3\.48 long .* 95\.0 %/,
    ],
    [
      successFigure(plain, says),
      /50 photos, .*accuracy 50 %.*pgd: 50 % at 0\.25\/255, 75 % at 1\/255; noise: 0 % at 0\.25\/255, 2 % at 1\/255/,
    ],
    [
      jpegFigure(rows, { ...says, attack: 'pgd' }),
      /0\.25\/255: not saved 50 %, 90 37\.5 %, 50 25 %; 1\/255: not saved 75 %, 90 62\.5 %, 50 50 %/,
    ],
    [
      transferFigure([{ from: 'one', to: 'another', rows: plain }], says),
      /on one, so many transfer to another: pgd 12\.5 % at 0\.25\/255\./,
    ],
    [
      leastChangeHistogram([0.1, 0.2, 0.3, 0.4, 0.5], { ...says, marks: [{ label: 'mine', length: 0.7 }] }),
      /each of 5 photos: half need less than 0\.3,.*mine: 0\.7/,
    ],
    [networkFigure([{ name: 'Dense', output: [2], parameters: 1026 }], says), /1,026 parameters/],
  ];
  for (const [figure, words] of made) assert.match(figure.description, words);
});

test("the slider has a frame for each step, with that step's picture and probabilities", async () => {
  const figure = await stepsFigure(photo, answers);
  assert.equal(figure.frames!.length, 3);
  assert.deepEqual(
    figure.frames!.map(({ data }) => data[2]!['y']),
    [
      [90, 10],
      [60, 40],
      [20, 80],
    ],
  );
  assert.equal(new Set(figure.frames!.map(({ data }) => data[1]!['source'])).size, 3);
});

test('a patch shows bytes, and their differences', () => {
  const { data } = patchFigure(photo, { ...pictures, corner: { row: 3, column: 4 } });
  const at = (row: number, column: number): number => Math.round(255 * original[((3 + row) * 10 + 4 + column) * 3]!);
  const [before, after, difference] = data.map(({ z }) => z as number[][]);
  assert.equal(before![2]![1], at(2, 1));
  for (let row = 0; row < 6; row++) {
    for (let column = 0; column < 6; column++) {
      assert.equal(difference![row]![column], after![row]![column]! - before![row]![column]!);
      assert.equal(Math.abs(difference![row]![column]!), 2);
    }
  }
});

test('the liveliest patch is where the contrast is', () => {
  const flat = new Float32Array(360).fill(0.5);
  flat[(7 * 10 + 8) * 3] = 1; // only patches that hold row 7, column 8; the first of them is found
  assert.deepEqual(liveliestPatch(flat, size, 3), { row: 5, column: 6 });
});

test('a change is magnified around grey; numbers of both signs are scaled to their size', () => {
  const magnified = magnifyChange([0.2, 0.5, 0.9], [0.3, 0.5, 0.8], 4);
  [0.9, 0.5, 0.1].forEach((value, i) => assert.ok(Math.abs(magnified[i]! - value) < 1e-6));
  assert.deepEqual(Array.from(signedPicture([-2, 0, 2])), [0, 0.5, 1]);
  assert.deepEqual(Array.from(signedPicture([0, 0])), [0.5, 0.5]);
});

test('of a photo on which the attack had no success, no file undoes anything', () => {
  const {
    data: [map],
  } = storageFigure(
    [
      { photo: 'x', label: 'cat', success: true, own: [0.1, 0.7], survives: [true, false] },
      { photo: 'y', label: 'dog', success: false, own: [0.6, 0.4], survives: [false, true] },
    ],
    { ...says, formats: ['PNG', 'JPEG 50'] },
  );
  assert.deepEqual(map!['text'], [
    ['survives<br>cat 10 %', 'undone<br>cat 70 %'],
    ['no success<br>dog 60 %', 'no success<br>dog 40 %'],
  ]);
  assert.deepEqual(map!['x'], ['PNG<br><b>1 of 1</b>', 'JPEG<br>50<br><b>0 of 1</b>']);
});

test('the weights stand on a linear axis: the largest layer is as much larger as it is', () => {
  const {
    data: [bars],
    layout,
  } = networkFigure(
    [
      { name: 'Conv2D', output: [9, 9, 4], parameters: 100 },
      { name: 'Dense', output: [2], parameters: 9900 },
    ],
    says,
  );
  assert.equal((layout['xaxis'] as { type?: string }).type, undefined);
  assert.deepEqual(
    [bars!['x'], bars!['y'], bars!['text']],
    [
      [100, 9900],
      ['1. Conv2D, 9×9×4', '2. Dense, 2'],
      ['100', '9,900, 99 %'],
    ],
  );
});

test('an attack that is bounded in length is marked, in the legend and to the mouse', () => {
  const { data } = successFigure([...plain, row('pgd-l2', 1, 0.5, null)], says);
  assert.deepEqual(
    data.map(({ name }) => name),
    ['pgd', 'noise', 'pgd-l2 (L2)'],
  );
  assert.deepEqual(
    data.map(({ hovertemplate }) => /root mean square/.test(hovertemplate as string)),
    [false, false, true],
  );
});

test('a picture comes back from PNG and WebP as it was, in colour and in grey, and from JPEG nearly so', async () => {
  for (const channels of [1, 3] as const) {
    const shape = { height: 12, width: 10, channels };
    const pixels = original.slice(0, 120 * channels);
    for (const format of ['png', 'webp'] as const) {
      assert.deepEqual(await decodePicture(await encodePicture(pixels, shape, format), shape), pixels, format);
    }
    const smooth = Float32Array.from(pixels, (_, i) => Math.floor(i / channels) / 120);
    const back = await decodePicture(await encodePicture(smooth, shape, { jpeg: 95 }), shape);
    assert.equal(back.length, smooth.length);
    assert.ok(back.every((value, i) => Math.abs(value - smooth[i]!) < 0.05));
    assert.ok(back.some((value, i) => value !== smooth[i]));
  }
});

test("an attack's curve shows its shares, its intervals and its own colour", () => {
  const [pgd, noise] = successFigure(plain, says).data;
  assert.deepEqual(
    [pgd!['x'], pgd!['y']],
    [
      [0.25, 1],
      [50, 75],
    ],
  );
  const { array, arrayminus } = pgd!['error_y'] as Record<string, number[]>;
  assert.deepEqual(
    [array, arrayminus],
    [
      [25, 12.5],
      [25, 37.5],
    ],
  );
  assert.equal((noise!['line'] as { dash: string }).dash, 'dot');
  const [alone] = successFigure(plain.slice(0, 2), says).data;
  assert.deepEqual(alone!['line'], pgd!['line'], 'whatever else is shown');
});

test('no two attacks share a look, however many there are, and one that no table has has its own', () => {
  const names = Array.from({ length: 20 }, (_, i) => `attack-${i}`);
  const looks = [...names, 'mine'].map((name) => JSON.stringify(lookAmong(names, name)));
  assert.equal(new Set(looks).size, looks.length);
  const row = plain[0]!;
  const drawn = successFigure([row, { ...row, attack: 'mine' }], says).data.map(({ line }) => JSON.stringify(line));
  assert.equal(new Set(drawn).size, 2);
  assert.match(drawn[1]!, /"dash":"dot"/);
});

test('a histogram counts every photo once', () => {
  const lengths = Array.from({ length: 500 }, () => random.uniform(0, 2));
  const {
    data: [bars],
  } = leastChangeHistogram(lengths, { ...says, bins: 10 });
  const { x, y, width } = bars as unknown as { x: number[]; y: number[]; width: number };
  assert.equal(
    y.reduce((sum, count) => sum + count),
    500,
  );
  const half = width / 0.92 / 2;
  x.slice(0, -1).forEach((middle, i) => {
    const inside = lengths.filter((length) => length >= middle - half && length < middle + half).length;
    assert.ok(Math.abs(inside - y[i]!) <= 1, `bar ${i}: ${y[i]}, counted ${inside}`); // the middle is rounded
  });
});
