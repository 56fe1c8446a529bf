// A model of the reader's own in a page: the zip file of Teachable Machine and a photo, dropped, imported and attacked.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'puppeteer-core';
import { ownRoot } from '../publish/src/notebooks/project';
import { fragmentOf } from '../web/src/page/link';
import { builtSite } from './support/built-site';
import { printedBy } from './support/own-cell';
import { readers } from './support/readers';
import { referenceModels } from './support/reference-models';

/** A file as it is dropped. */
interface Dropped {
  name: string;
  type: string;
  base64: string;
}

const dropped = (name: string, type: string, bytes: Uint8Array): Dropped => ({
  name,
  type,
  base64: Buffer.from(bytes).toString('base64'),
});

const ZIP = 'tm-my-image-model.zip';

/** What Teachable Machine exports for TensorFlow.js, a file of Keras beside it, and a photo. */
function madeFiles(): Dropped[] {
  const models = referenceModels();
  const named = (name: string, end: RegExp): string =>
    models.find((model) => model.name === name && end.test(model.path))!.path;
  const filesIn = (folder: string): Record<string, Uint8Array> =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const metadata = { packageName: '@teachablemachine/image', labels: ['Cup', 'Phone', 'Neither'], imageSize: 224 };
  const zip = zipSync({
    ...filesIn(named('teachable-machine-layers', /$/)),
    'metadata.json': Buffer.from(JSON.stringify(metadata)),
  });
  return [
    dropped(ZIP, 'application/zip', zip),
    dropped('cut.zip', 'application/zip', zip.subarray(0, zip.length / 2)),
    dropped('graph.zip', 'application/zip', zipSync(filesIn(named('teachable-machine-graph', /$/)))),
    dropped('mine.keras', '', readFileSync(named('teachable-machine', /\.keras$/))),
    dropped('photo.jpg', 'image/jpeg', readFileSync(join(ownRoot, 'data', 'photos', 'cat-kitten.jpg'))),
  ];
}

/** The lines of the exercise's hint, and those that go wrong. */
const CELL = `import { attack, classifiers, pictures } from 'descent-lab';
const tell = (work: Promise<unknown>) => work.then(() => console.log('no error'), ({ message }) => console.log(message));
const onNote = (note: string) => console.log(note);
const card = await classifiers.importModel('${ZIP}', '../models/mine', { onNote });
console.log(card.classes.join(), card.input.range.join());
const mine = await classifiers.loadClassifier('../models/mine');
const photo = pictures.stackPictures([await pictures.readPhoto('photo.jpg', mine.input)], mine.input);
const [fooled] = await attack(mine, photo, { steps: 10 });
console.log(fooled.steps.map(({ label }) => label).join());
await tell(classifiers.importModel('${ZIP}', '../models/mine'));
await tell(classifiers.importModel('mine.keras', '../models/other'));
await tell(classifiers.importModel('graph.zip', '../models/other'));
await tell(classifiers.importModel('cut.zip', '../models/other'));`;

/** What the page says once a file lies on it. */
async function drop(page: Page, file: Dropped): Promise<string> {
  // as a text: what compiles these tests would put its own helpers into a function
  await page.evaluate(`(() => {
    const { name, type, base64 } = ${JSON.stringify(file)};
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type }));
    document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
  const status = `document.querySelector('.kernel [role="status"]').textContent`;
  await page.waitForFunction(`${status}.startsWith(${JSON.stringify(file.name)})`);
  return (await page.evaluate(status)) as string;
}

/** What the page says of the files, and what the cell prints. */
async function inPage(
  browser: Browser,
  address: string,
  files: Dropped[],
): Promise<{ said: string[]; lines: string[] }> {
  const said: string[] = [];
  const lines = await printedBy(browser, address, async (page) => {
    for (const file of files) said.push(await drop(page, file));
  });
  return { said, lines };
}

let address = '';
before(async () => {
  address = pathToFileURL(join(await builtSite(), 'try.html')).href + (await fragmentOf([CELL]));
});

void (async () => {
  const files = madeFiles();
  for (const reader of await readers()) {
    test(`in ${reader.name}`, { skip: reader.missing }, async (t) => {
      const browser = await reader.launch();
      t.after(() => browser.close());
      const { said, lines } = await inPage(browser, address, files);
      assert.match(
        said[0]!,
        /a cell reads it with classifiers\.importModel\('tm-my-image-model\.zip', '\.\.\/models\/mine'\)$/,
      );
      assert.match(said.at(-1)!, /a cell reads it with pictures\.readPhoto\('photo\.jpg', classifier\.input\)$/);
      const [note, card, labels, ...refused] = lines;
      assert.match(note!, /^tm-my-image-model comes from Teachable Machine: pixels are taken to be from -1 to 1 /);
      assert.equal(card, 'Cup,Phone,Neither -1,1');
      assert.match(labels!, /^(Cup|Phone|Neither)(,(Cup|Phone|Neither)){10}$/);
      assert.equal(refused.length, 4, lines.join('\n'));
      assert.equal(refused[0], '../models/mine exists: remove it, or name another folder for the model');
      assert.match(
        refused[1]!,
        /^mine\.keras\/model\.weights\.h5 is a file of Keras, which a page cannot read: give it a/,
      );
      assert.match(
        refused[2]!,
        /^graph\.zip\/model\.json is a GraphModel, which a page cannot run: give it a model of layers/,
      );
      assert.equal(refused[3], 'cut.zip is cut off: the list of what is in it, at its end, is missing. Get it again');
    });
  }
})();
