import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describeModel, loadClassifier, saveModel } from '../../lib/src/classifiers';
import { evaluate, Random, tf } from 'descent-lab';
import { parseAttacks, type EvaluateOptions, type Trial } from '../../lib/src/evaluation';
import { evaluateOn, folderHash, photoRoot, readPhotoList, type Engine } from 'descent-lab-queue';
import { decodePhoto } from '../../lib/src/pictures/read-photo';
import sharp from 'sharp';

/** A network of a few weights in a folder. */
function makeModel(folder: string, seed: number): void {
  const random = new Random(seed);
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 3] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.setWeights(
    model.getWeights().map(({ shape, size }) =>
      tf.tensor(
        Float32Array.from({ length: size }, () => random.normal(0, 0.4)),
        shape,
      ),
    ),
  );
  saveModel(folder, model, describeModel(model, { name: 'tiny', classes: ['cat', 'dog'], range: [-1, 1] }), 'float32');
  model.dispose();
}

/** A tiny evaluation: a network, another one, photos, their list with sums, and a server that gives them out. */
export class TinyRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'queue-'));
  readonly model = join(this.folder, 'model');
  readonly otherModel = join(this.folder, 'other');
  readonly photos = join(this.folder, 'photos');
  readonly list = join(this.folder, 'list.txt');
  /** What the server does before it gives out a photo; it may take its time, or answer with a status. */
  before: (photo: string) => Promise<number | void> | number | void = () => undefined;
  /** Whether the server hangs up on everybody. */
  down = false;
  /** How often each photo has been asked for. */
  readonly asked = new Map<string, number>();
  private server?: Server;

  static async make(count = 24): Promise<TinyRun> {
    const run = new TinyRun();
    makeModel(run.model, 3);
    makeModel(run.otherModel, 4);
    const random = new Random(8);
    const lines: string[] = [];
    for (const name of ['cat', 'dog']) mkdirSync(join(run.photos, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const path = `${i % 2 === 0 ? 'cat' : 'dog'}/${i}.png`;
      const pixels = Uint8Array.from({ length: 192 }, () => random.integer(0, 255));
      const png = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
        .png()
        .toBuffer();
      writeFileSync(join(run.photos, path), png);
      lines.push(`${createHash('sha256').update(png).digest('hex')}  ${path}\n`);
    }
    writeFileSync(run.list, lines.join(''));
    await run.serve();
    return run;
  }

  /** Where the server gives the photos out. */
  get url(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}/photos`;
  }

  /** Runs the evaluation, here or on an engine. */
  async evaluate(
    engine?: Engine,
    more: Partial<EvaluateOptions> = {},
  ): Promise<{ trials: Trial[]; aside: readonly string[]; run: string }> {
    const classifier = await loadClassifier(this.model);
    const root = photoRoot(this.photos);
    const settings = { attacks: parseAttacks('article,pgd,article+jpeg80'), epsilons: [0.01, 0.1], seed: 3 };
    const journal = join(this.folder, `journal-${Math.trunc(performance.now() * 1000)}`);
    const result = await evaluate({
      ...settings,
      classifier,
      photos: readPhotoList(this.list, classifier.classes),
      batch: 4,
      journal,
      read: async (path) => decodePhoto(await root.read(path), classifier.input, path),
      fingerprint: '',
      elsewhere: engine && evaluateOn(engine, { ...settings, model: folderHash(this.model), photos: root }),
      ...more,
    });
    classifier.dispose();
    return { trials: result.trials, aside: result.journal.aside, run: result.run };
  }

  async remove(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(): Promise<void> {
    const answer = async (photo: string): Promise<[number, Buffer?]> => {
      this.asked.set(photo, (this.asked.get(photo) ?? 0) + 1);
      const status = await this.before(photo);
      return status === undefined ? [200, readFileSync(join(this.photos, photo))] : [status];
    };
    this.server = createServer((request, response) => {
      if (this.down) request.socket.destroy();
      else if (request.url === '/photos')
        response.writeHead(404).end(); // it lists nothing
      else
        answer(decodeURIComponent(request.url!.replace(/^\/photos\//, ''))).then(
          ([status, content]) => {
            response.writeHead(status).end(content);
          },
          () => response.writeHead(404).end(),
        );
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
  }
}
