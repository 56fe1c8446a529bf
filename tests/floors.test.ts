// Who may import whom: the rooms of lib/src stand on floors, and packages know each other by their names.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import test from 'node:test';
import ts from 'typescript';
import * as door from '../lib/src';
import { codeCells, readNotebook, textOf } from '../publish/src/notebooks/notebook';

const root = join(__dirname, '..');

/** The rooms of lib/src from the lowest floor up: a room imports from lower floors alone. */
const floors: Record<string, string>[] = [
  { kernels: 'what TensorFlow.js lacks, set right before anyone asks it for a gradient' },
  { core: 'the files beside the rooms, such as errors, random numbers, the one door to TensorFlow' },
  { compile: 'steps of tensors, recorded and written as code' },
  {
    gradients: 'derivatives of functions of tensors',
    linalg: 'decompositions of matrices, and what follows from them',
    special: 'special functions',
  },
  {
    data: 'tables and files in, tables and files out',
    descent: 'the loop, which knows no loss and no problem',
    losses: 'pure functions of tensors',
    optimizers: 'updates, which know no loss',
  },
  { pictures: 'files of pixels', regression: 'one problem', spreads: 'another', races: 'and another' },
  { classifiers: 'networks that tell pictures apart' },
  { attacks: 'descents on what such a network sees', training: 'a descent on its weights' },
  { evaluation: 'attacks on many pictures, counted' },
  { figures: 'pure functions of the numbers that come from below' },
  { edge: 'kernel, screen and browser, which show figures' },
  { browser: 'what a page has in place of Node and its packages' },
  { doors: 'index.ts and internal.ts, through which others come in' },
];

/** The set-up comes before there are packages to be named: what it is made of is named by its path, here and above. */
const setUp = ['lib/native/', 'scripts/setup/'];
const library = ['descent-lab', 'descent-lab/internal'];
/** What of this project each package may name, beside its own files: other packages, and files in folders. */
const packages: Record<string, string[]> = {
  'lib/src': ['lib/package.json'],
  queue: library,
  web: [...library, 'descent-lab/browser'],
  publish: [...library, ...setUp, 'descent-lab-web'],
  scripts: [...library, ...setUp, 'descent-lab-queue', 'descent-lab-publish', 'descent-lab-web'],
  bench: [...library, ...setUp, 'descent-lab-queue', 'descent-lab-publish', 'scripts/', 'tests/support/'],
};

/** All that a package's files import, types too: a file of the project, or a package's name. */
const imports = Object.keys(packages).flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/\/(dist|node_modules|\.venv)\//.test(file))
    .flatMap((file) =>
      ts
        .preProcessFile(readFileSync(join(root, file), 'utf8'), true, true)
        .importedFiles.map(({ fileName }) => ({ folder, from: file, to: target(file, fileName) })),
    ),
);

function target(from: string, name: string): string {
  if (!name.startsWith('.')) return name;
  const path = posix.join(posix.dirname(from), name);
  return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(join(root, file))) ?? path;
}

test('a room of lib/src imports from lower floors alone', () => {
  const roomOf = (file: string): string =>
    /^lib\/src\/(\w+)\//.exec(file)?.[1] ?? (/\/(index|internal)\.ts$/.test(file) ? 'doors' : 'core');
  const floorOf = (room: string): number => {
    const floor = floors.findIndex((rooms) => room in rooms);
    assert.ok(floor >= 0, `the room ${room} has no floor yet`);
    return floor;
  };
  const wrong = imports
    .filter(({ folder, to }) => folder === 'lib/src' && to.startsWith('lib/src/'))
    .map(({ from, to }) => ({ from, to, rooms: [roomOf(from), roomOf(to)] as const }))
    .filter(({ rooms: [own, other] }) => own !== other && floorOf(own) <= floorOf(other));
  assert.deepEqual(wrong, []);
});

test('no file imports itself by way of others', () => {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const circleFrom = (file: string, way: string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const circle = circleFrom(next, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of targets.keys()) assert.equal(circleFrom(file, [])?.join(' -> '), undefined);
});

test('what compiles steps, and runs them, imports nothing that a page has not got', () => {
  const tensorFlow = '@tensorflow/tfjs';
  // It sets up the native library before tf's first import: the bundle of a page leaves it out.
  const nodeAlone = 'lib/src/backend.ts';
  const reached = new Set(['lib/src/descent/compiled-steps.ts']);
  imports.forEach(({ from }) => posix.dirname(from) === 'lib/src/compile' && reached.add(from));
  const edges = new Set<string>();
  // a set is walked through with what is added to it on the way
  for (const file of reached) {
    for (const { from, to } of imports) {
      if (from !== file || to === tensorFlow) continue;
      if (to !== nodeAlone && to.startsWith('lib/src/')) reached.add(to);
      else edges.add(`${from} -> ${to}`);
    }
  }
  assert.deepEqual([...edges], [`lib/src/tf.ts -> ${nodeAlone}`]);
});

test('a package is imported by its name, and from those above it alone', () => {
  const isOurs = (to: string): boolean => to.startsWith('descent-lab') || existsSync(join(root, to.split('/')[0]!));
  const wrong = imports.filter(
    ({ folder, to }) =>
      isOurs(to) &&
      ![`${folder}/`, ...packages[folder]!].some((name) => (name.endsWith('/') ? to.startsWith(name) : to === name)),
  );
  assert.deepEqual(wrong, []);
});

test('a package names each of its dependencies in a file, or it would be carried along for nothing', () => {
  for (const folder of ['lib', 'queue', 'web', 'publish']) {
    const { dependencies } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const texts = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file) && !/(^|[/\\])(dist|node_modules)[/\\]/.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8'));
    const unused = Object.keys(dependencies).filter((name) => !texts.some((text) => text.includes(`'${name}`)));
    assert.deepEqual(unused, [], folder);
  }
});

test('few names come through the door, and each room of the library through a namespace of its own', () => {
  const names = Object.keys(door);
  assert.ok(names.length <= 40, `${names.length} names: which of them belong in a namespace?`);
  // What they have is at the root, or is there for a bundler.
  const open = ['core', 'browser', 'compile', 'data', 'descent', 'edge', 'kernels', 'doors'];
  const rooms = floors.flatMap((floor) => Object.keys(floor)).filter((room) => !open.includes(room));
  assert.deepEqual(
    rooms.filter((room) => !names.includes(room)),
    [],
  );
});

/** What makes the controls of a chart, imported where the first of them stands. */
const controls = ['interact', 'slider', 'choice', 'point'];

test('no import of a notebook has more than eight names of the library, and those of its controls', () => {
  const notebooks = readdirSync(join(root, 'notebooks')).filter((file) => file.endsWith('.ipynb'));
  assert.ok(notebooks.length > 0);
  for (const file of notebooks) {
    const cells = codeCells(readNotebook(join(root, 'notebooks', file))).map(({ source }) => textOf(source));
    const imports = [...cells.join('\n').matchAll(/import \{([^}]*)\} from 'descent-lab'/g)].map(([, list]) =>
      list!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !controls.includes(name)),
    );
    assert.ok(imports.length > 0, file);
    for (const names of imports) {
      assert.ok(names.length <= 8, `${file} imports ${names.length}: ${names.join()}`);
    }
  }
});
