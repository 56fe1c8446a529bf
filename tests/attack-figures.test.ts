import test from 'node:test';
import assert from 'node:assert/strict';
import {
  alongFigure,
  baseLayout,
  comparisonFigure,
  confidenceFigure,
  gradientFigure,
  jpegFigure,
  leastChangeFigure,
  leastChangeHistogram,
  liveliestPatch,
  patchFigure,
  photosFigure,
  saturationFigure,
  storageFigure,
  stripFigure,
  successFigure,
  transferFigure,
  type Figure,
} from '../lib/src/figures';
import { lookAmong } from '../lib/src/figures/chart/palette';
import { decodePicture, encodePicture } from '../lib/src/pictures';
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
    { step: 0, label: 'cat', probability: 0.9, outputs: [0.9, 0.1], linf: 0, l2: 0, psnr: Infinity },
    { step: 1, label: 'cat', probability: 0.6, outputs: [0.6, 0.4], linf: 1 / 255, l2: 0.07, psnr: 48.1 },
    { step: 2, label: 'dog', probability: 0.8, outputs: [0.2, 0.8], linf: 2 / 255, l2: 0.15, psnr: 42.1 },
  ],
};
const photo = { name: 'a photo', example };
const says = { name: 'figure', title: 'title' };
const pictures = { ...says, size };
const answers = { ...pictures, classes };
/** The same photo, changed by so much. */
const changed = (l2: number): AdversarialExample => ({
  ...example,
  steps: example.steps.map((step) => ({ ...step, l2 })),
});
/** What a figure's title says, without its line breaks. */
const titleOf = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replaceAll('<br>', ' ');
const untitled = { name: 'figure' };
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
    [
      await stripFigure(photo, pictures),
      /the photo cat 90\.0 %, step 1 cat 60\.0 %, step 2 dog 80\.0 %\. .* 63 times larger: at most 2\.00\/255/,
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
    [saturationFigure([{ name: 'on logits', lead: [3, -1], gradient: 0.5 }], says), /from 3\.0 to -1\.0/],
    [
      storageFigure(
        [
          { name: 'x', label: 'cat', success: true, own: [0.1, 0.7], survives: [true, false] },
          { name: 'y', label: 'cat', success: false, own: [0.6, 0.4], survives: [false, true] },
        ],
        { ...says, formats: ['png', { jpeg: 50 }] },
      ),
      /The attack had success on 1 of 2 photos\..* PNG 1, JPEG 50 0/,
    ],
    [
      leastChangeFigure({ names: ['x'], least: [changed(0.3)], article: [changed(2.4)], noise: [changed(3.48)] }, says),
      /x 0\.30, the article's 2\.40, noise 3\.48 long .* 20\.0 %/,
    ],
    [
      successFigure(plain, says),
      /50 photos, .*accuracy 50 %.*\(pgd\): 50 % at 0\.25\/255, 75 % at 1\/255; random noise: 0 % at 0\.25\/255, 2 % at 1\/255/,
    ],
    [
      jpegFigure(rows, { ...says, attack: 'pgd' }),
      /0\.25\/255: not saved 50 %, 90 37\.5 %, 50 25 %; 1\/255: not saved 75 %, 90 62\.5 %, 50 50 %/,
    ],
    [
      transferFigure([{ from: 'one', to: 'another', rows: plain }], says),
      /on one, so many transfer to another: from a random start \(pgd\) 12\.5 % at 0\.25\/255\./,
    ],
    [
      leastChangeHistogram([0.1, 0.2, 0.3, 0.4, 0.5], { ...says, marks: [{ label: 'mine', length: 0.7 }] }),
      /each of 5 photos: half need less than 0\.3,.*mine: 0\.7/,
    ],
  ];
  for (const [figure, words] of made) assert.match(figure.description, words);
});

test('a strip shows every step below its answer, and the change beside them', async () => {
  const { data, layout } = await stripFigure(photo, pictures);
  assert.equal(new Set(data.map(({ source }) => source)).size, 4);
  assert.deepEqual(
    (layout['annotations'] as { text: string }[]).map(({ text }) => text.replaceAll(/<.*?>/g, ' ')),
    ['the photo  cat   90.0 % ', 'step 1  cat   60.0 % ', 'step 2  dog   80.0 % ', 'the change, 63 times larger'],
  );
  const named = await stripFigure(photo, { ...pictures, captions: ['none', 'some', 'more'] });
  assert.match(named.description, /none cat 90\.0 %, some cat 60\.0 %, more dog 80\.0 %/);
});

test('titles are found in the data, and change with them', async () => {
  const stays = { ...example, steps: example.steps.map((step) => ({ ...step, label: 'cat' })), success: false };
  const attack = (success: number) => [row('article', 1, success, 0.25), row('noise', 8, 0.05, null)];
  const saved = (own: number, survives: boolean) =>
    storageFigure([{ name: 'x', label: 'cat', success: true, own: [0, own], survives: [true, survives] }], {
      ...untitled,
      formats: ['png', { jpeg: 50 }],
    });
  const noisy = (noise: AdversarialExample) =>
    leastChangeFigure({ names: ['x'], least: [changed(0.5)], article: [changed(1)], noise: [noise] }, untitled);
  const blind = (last: number) =>
    saturationFigure([{ name: 'on probabilities', lead: [3, last], gradient: 0 }], untitled);
  const line = (values: number[]) =>
    alongFigure(
      { places: [-1 / 255, 0, 1 / 255], values, slope: 255 },
      { ...untitled, loss: "the cat's lead (logits)" },
    );
  const states = (last: number[]) =>
    [original, half, states2].map((pixels, i) => ({
      name: 'a photo',
      pixels,
      probabilities: i === 2 ? last : [0.9, 0.1],
    }));
  const states2 = example.pictures[2]!;
  const confidence = { ...untitled, size, classes, change: 'values changed' };
  const slopes = original.map((_, i) => (i % 4 ? 1 : -1));
  const titles = {
    [titleOf(await stripFigure(photo, { ...untitled, size }))]:
      'a photo: cat 90.0 %, after 2 steps dog 80.0 %. The answer turns at step 2',
    [titleOf(await stripFigure({ name: 'a photo', example: stays }, { ...untitled, size }))]:
      'a photo: cat 90.0 %, after 2 steps cat 80.0 %',
    [titleOf(await comparisonFigure([photo], { ...untitled, size }))]: 'a photo: cat 90.0 % becomes dog 80.0 %',
    [titleOf(await photosFigure(states([0.2, 0.8]), { ...untitled, size, classes }))]:
      'Of 3 pictures the network calls 2 “cat” and 1 “dog”',
    [titleOf(await confidenceFigure(states([0.2, 0.8]), confidence))]:
      'a photo is dog to the network with 100 % of the values changed',
    [titleOf(await confidenceFigure(states([0.6, 0.4]), confidence))]:
      'a photo stays cat, with 100 % of the values changed',
    [titleOf(await gradientFigure({ pixels: original, gradient: slopes }, { ...untitled, size, loss: 'the lead' }))]:
      'Brighter values raise the lead at 75 % of the places and lower it at 25 %',
    [titleOf(patchFigure(photo, { ...untitled, size, corner: { row: 1, column: 2 } }))]:
      'No value changes by more than 2 of 255',
    [titleOf(line([2.5, 3, 4.25]))]:
      "One step against the slope takes the cat's lead from 3 to 2.5; its slope foretold 2",
    [titleOf(blind(3))]: 'In 1 steps the attack on probabilities does not move at all',
    [titleOf(blind(-2))]: 'The lead in 1 steps: on probabilities -2.0',
    [titleOf(saved(0.1, true))]: 'Saved as JPEG 50, 1 of the 1 successes still fool the network',
    [titleOf(saved(0.9, false))]: 'Saved as JPEG 50, 0 of the 1 successes still fool the network',
    [titleOf(noisy(changed(2)))]: 'Noise 4.0 to 4.0 times as long as the least change turns 1 of 1 photos',
    [titleOf(noisy({ ...changed(2), success: false }))]:
      'Noise 4.0 to 4.0 times as long as the least change turns none of 1 photos',
    [titleOf(successFigure(attack(0.75), untitled))]:
      'At 1/255 small sign steps turn 75 % of 50 photos, at 8/255 random noise turns 5 %',
    [titleOf(jpegFigure(rows, { ...untitled, attack: 'pgd' }))]:
      'JPEG 50 changes the success rate at 0.25/255 from 50 % to 25 %',
    [titleOf(transferFigure([{ from: 'one', to: 'another', rows: attack(1) }], untitled))]:
      'At 1/255, of what fools one network at most 25 % fool the other',
    [titleOf(transferFigure([{ from: 'one', to: 'another', rows: attack(0.5) }], untitled))]:
      'Of what fools one network at most 25 % fool the other',
    [titleOf(leastChangeHistogram([0.1, 0.2, 0.3, 0.9], { ...untitled, marks: [{ label: 'mine', length: 0.5 }] }))]:
      '75 % of 4 photos need less than mine',
  };
  assert.deepEqual(Object.keys(titles), Object.values(titles));
});

test('a title is not broken between a number and its %', () => {
  const words = 'small steps of 1/255 in all turn no fewer than 63.2 % of 946 photos, and noise of 8/255 turns 5.07 %';
  const { text } = baseLayout({ title: words })['title'] as { text: string };
  assert.ok(!text.includes('<br>%') && text.replaceAll('<br>', ' ') === words, text);
});

test('what was saved as JPEG stands in its own figure alone', () => {
  assert.deepEqual(successFigure(rows, says), successFigure(plain, says));
  const transfer = (some: EvaluationRow[]) => transferFigure([{ from: 'one', to: 'another', rows: some }], says);
  assert.deepEqual(transfer(rows.map((each) => ({ ...each, transfer: 0.5 }))), transfer(plain.map((each) => ({ ...each, transfer: 0.5 })))); // prettier-ignore
});

test('a gradient is drawn pixel by pixel, its colours added up, and by its sign', async () => {
  const gradient = original.map((_, i) => (i < 3 ? 1 : i < 6 ? -0.5 : i < 9 ? i - 7 : 0.5));
  const { data } = await gradientFigure({ pixels: original, gradient }, { ...pictures, loss: 'the lead' });
  const [sums, signs] = data.slice(1).map(({ z }) => (z as number[][])[0]!.slice(0, 4));
  assert.deepEqual(sums, [200, -100, 0, 100]); // in hundredths of what nearly all stay below: 1.5
  assert.deepEqual(signs, [100, -100, 0, 100]);
});

test('a curve goes through the losses along a line, and its slope as a straight line through the photo', () => {
  const { data } = alongFigure(
    { places: [-1 / 255, 0, 1 / 255], values: [1, 3, 4], slope: 255 },
    { ...says, loss: 'the lead' },
  );
  const [straight, curve] = data;
  assert.deepEqual([curve!['x'], curve!['y']], [[-1, 0, 1], [1, 3, 4]]); // prettier-ignore
  assert.deepEqual(straight!['y'], [2, 3, 4]);
});

test('labels at the ends of curves do not lie over each other', () => {
  const { layout } = jpegFigure([row('pgd', 1, 0.5, null), row('pgd', 2, 0.51, null), row('pgd', 4, 0.9, null)], {
    ...says,
    attack: 'pgd',
  });
  const places = (layout['annotations'] as { y: number }[]).map(({ y }) => y);
  assert.deepEqual(places, [50, 55.5, 90]);
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

test('a change is magnified around grey', () => {
  const magnified = magnifyChange([0.2, 0.5, 0.9], [0.3, 0.5, 0.8], 4);
  [0.9, 0.5, 0.1].forEach((value, i) => assert.ok(Math.abs(magnified[i]! - value) < 1e-6));
});

test('a file shows the probability of the own class, and which photo the attack did not turn', () => {
  const {
    data: [map],
  } = storageFigure(
    [
      { name: 'x', label: 'cat', success: true, own: [0.1, 0.7], survives: [true, false] },
      { name: 'y', label: 'dog', success: false, own: [0.6, 0.4], survives: [false, true] },
    ],
    { ...says, formats: ['png', { jpeg: 50 }] },
  );
  assert.deepEqual(map!['text'], [
    ['10', '70'],
    ['60', '40'],
  ]);
  assert.deepEqual(map!['y'], ['x', 'y<br>(not turned)']);
  assert.deepEqual(map!['x'], ['PNG<br><b>1</b>', 'JPEG<br>50<br><b>0</b>']);
});

test('an attack that is bounded in length is marked, in the legend and to the mouse', () => {
  const { data } = successFigure([...plain, row('pgd-l2', 1, 0.5, null)], says);
  assert.deepEqual(
    data.map(({ name }) => name),
    ['from a random start (pgd)', 'random noise', 'along the gradient (pgd-l2), L2'],
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

test('a share that transfers shows its interval where the table says of how many it is one', () => {
  // Newcombe's examples: 81 of 263, 15 of 148
  const table = [
    { ...row('pgd', 1, 1, 81 / 263), tried: 263 },
    { ...row('pgd', 2, 1, 15 / 148), tried: 148 },
    { ...row('pgd', 4, 0, null), tried: 0 },
  ];
  const shown = (rows: EvaluationRow[]) => transferFigure([{ from: 'one', to: 'another', rows }], says);
  const { data, layout } = shown(table);
  const { array, arrayminus } = data[0]!['error_y'] as Record<string, number[]>;
  assert.deepEqual(data[0]!['x'], [1, 2]);
  assert.deepEqual(
    [array, arrayminus].map((list) => list!.map((value) => value.toFixed(2))),
    [
      ['5.82', '5.91'], // 36.62 - 30.80, 16.05 - 10.14
      ['5.27', '3.90'], // 30.80 - 25.53, 10.14 - 6.24
    ],
  );
  assert.equal((layout['yaxis'] as { range: number[] }).range[1], 40, 'the axis has room for the interval');
  const earlier = table.map(({ tried: _, ...row }) => row);
  assert.ok(!('error_y' in shown(earlier).data[0]!));
  assert.deepEqual(shown(earlier).data[0]!['y'], data[0]!['y']);
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
