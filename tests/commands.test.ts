// What holds of every command: nothing that it reads is replaced, and no value is empty.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { CommanderError, type Argument, type Option } from 'commander';
import { DescentError } from 'descent-lab';
import type { Script } from '../scripts/cli/command';
import { checkFiles, classes, file, folder, type Named, type Place } from '../scripts/cli/outputs';

const root = join(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'commands-'));
const leave = (): void => {
  process.chdir(root);
  rmSync(scratch, { recursive: true });
};
beforeEach(() => {
  // each test stands in an empty folder
  leave();
  mkdirSync(scratch);
  process.chdir(scratch);
});
after(leave);

/** Those that take no option at all. */
const WITHOUT_OPTIONS = ['scripts/setup.mjs', 'scripts/doctor.mjs'];

const { scripts: ofNpm } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const started = Object.values(ofNpm).flatMap((line) => /(?:scripts|bench)\/[\w-]+\.(?:ts|mjs)$/.exec(line) ?? []);
const withOptions = ['scripts', 'bench']
  .flatMap((place) => readdirSync(join(root, place)).map((name) => `${place}/${name}`))
  .filter((path) => /\.m?[tj]s$/.test(path) && /new (Script|Command)\(/.test(readFileSync(join(root, path), 'utf8')));
const paths = [...new Set([...started, ...withOptions])].filter((path) => !WITHOUT_OPTIONS.includes(path)).sort();

interface Loaded {
  path: string;
  program: Script;
}
const scripts = Promise.all(
  paths.map(async (path): Promise<Loaded> => {
    const { program } = (await import(join(root, path))) as { program?: Script };
    assert.ok(program && 'files' in program, `${path} must export its program, a Script`);
    return { path, program: program.exitOverride().configureOutput({ writeErr: () => undefined }) };
  }),
);

type Value = Option | Argument;
const isOption = (value: Value): value is Option => 'long' in value;
const valuesOf = (program: Script): Value[] => [
  ...program.registeredArguments,
  ...program.options.filter(({ required, optional }) => required || optional),
];
const keyOf = (value: Value): string => (isOption(value) ? value.attributeName() : value.name());
const shown = (value: Value): string => (isOption(value) ? value.long! : `<${value.name()}>`);

/** Values that are plain text, and name no file. */
const TEXTS = [
  '--allow-host',
  '--attack',
  '--epsilons',
  '--host',
  '--na-values',
  '--name',
  '--only',
  '--queue',
  '--queue-name',
  '--separator',
  '--shard',
  '--target',
  '--token',
  '--x',
  '--y',
  '<names>',
  '<options>',
  '<tables>',
];

test('an option or argument that names a file is declared as read or written', async () => {
  for (const { path, program } of await scripts) {
    const declared = Object.keys({ ...program.files.reads, ...program.files.writes });
    const values = valuesOf(program);
    for (const value of values) {
      const form = isOption(value) ? /[<[].*$/.exec(value.flags)![0] : value.name();
      const isOther =
        !/file|folder|path|photo|csv|html/i.test(form) &&
        (value.parseArg !== undefined || value.argChoices !== undefined || TEXTS.includes(shown(value)));
      assert.ok(
        declared.includes(keyOf(value)) || isOther,
        `${path}: .reads() or .writes() must say what ${shown(value)} names; ` +
          `if it is a text that names no file, add '${shown(value)}' to TEXTS in tests/commands.test.ts`,
      );
    }
    assert.deepEqual(
      declared.filter((key) => !values.some((value) => keyOf(value) === key)),
      [],
      `${path} has no such option`,
    );
  }
});

test('README.md or CONTRIBUTING.md names every command', () => {
  const told = ['README.md', 'CONTRIBUTING.md'].map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
  const commands = Object.keys(ofNpm).filter((name) => /\.m?[tj]s$/.test(ofNpm[name]!));
  assert.ok(commands.length > 20);
  assert.deepEqual(
    commands.filter((name) => !new RegExp(`\\bnpm (run (-s )?)?${name}(?![\\w:-])`).test(told)),
    [],
    'say there in a line what each of these is for',
  );
});

/** The words of a call with these values, and with any for the others that are needed. */
function callWith(program: Script, given: Map<Value, string[]>): string[] {
  const textsOf = (value: Value): string[] => given.get(value) ?? [value.argChoices?.[0] ?? value.name()];
  const options = program.options.filter((option) => option.mandatory || given.has(option));
  const needed = program.registeredArguments
    .map((argument) => argument.required || given.has(argument))
    .lastIndexOf(true);
  return [
    ...options.flatMap((option) => textsOf(option).map((text) => `${option.long}=${text}`)),
    '--',
    ...program.registeredArguments.slice(0, needed + 1).flatMap(textsOf),
  ];
}

test('an empty value of any option or argument is an error that names it', async () => {
  let count = 0;
  for (const { path, program } of await scripts) {
    for (const value of valuesOf(program)) {
      const named = isOption(value) ? `option '${value.flags}' argument is empty` : `argument '${value.name()}'`;
      assert.throws(
        () => program.parse(callWith(program, new Map([[value, ['']]])), { from: 'user' }),
        (error) => error instanceof CommanderError && error.exitCode === 1 && error.message.includes(named),
        `${path} ${shown(value)}`,
      );
      count++;
    }
  }
  assert.ok(count > 70, String(count));
});

test('every integer has a largest value, and an error names the option and the range', async () => {
  let count = 0;
  for (const { path, program } of await scripts) {
    for (const value of valuesOf(program)) {
      const parse = (text: string): unknown => value.parseArg?.(text, undefined);
      if (parseOr(parse, '7') !== 7 || parseOr(parse, '7.5') === 7.5) continue;
      assert.throws(
        () => program.parse(callWith(program, new Map([[value, ['100000000000']]])), { from: 'user' }),
        (error) =>
          error instanceof CommanderError &&
          error.message.includes(shown(value)) &&
          / An integer from \d+ to \d+ is needed/.test(error.message),
        `${path} ${shown(value)}`,
      );
      count++;
    }
  }
  assert.ok(count > 20, String(count));
});

/** What a parser makes of a text; undefined where it refuses it. */
function parseOr(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
function put(path: string, content = `the user's ${path}`): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A call that would replace a file of the user. */
interface Clash {
  call: string[];
  kept: string;
}

/** For each option that is read and each that is written: calls that name one file by both, or by what they imply. */
function clashesOf(program: Script): Clash[] {
  const [reading, writing] = (['reads', 'writes'] as const).map((use) =>
    valuesOf(program).filter((value) => keyOf(value) in program.files[use]),
  ) as [Value[], Value[]];
  const call = (...given: [Value, string[]][]): string[] => callWith(program, new Map(given));
  const written = (value: Value, base: string[]): string[] => {
    try {
      program.parse(base, { from: 'user' });
    } catch (error) {
      if (!(error instanceof DescentError)) throw error; // it may want another ending; the values are there
    }
    return program
      .places('writes')
      .filter(({ option }) => option === shown(value))
      .map(({ path }) => path);
  };
  const pairs = writing.flatMap((out) =>
    reading.flatMap((read): Clash[] => {
      program.parse(call([read, ['a']]), { from: 'user' });
      if (program.places('reads').some(({ option, kind }) => option === shown(read) && kind !== 'file')) {
        return [{ call: call([read, ['photos']], [out, ['photos/cat/out']]), kept: 'photos/cat/out' }];
      }
      return written(out, call([read, ['a']], [out, ['out']])).map((kept) => ({
        call: call([read, read.variadic ? ['a', kept] : [kept]], [out, ['out']]),
        kept,
      }));
    }),
  );
  const twice = writing.flatMap((one, i) =>
    writing.slice(i + 1).map((other) => ({ call: call([one, ['out']], [other, ['out']]), kept: 'out' })),
  );
  return [...pairs, ...twice];
}

test('no command replaces what it reads, nor writes one file twice: it says so before any work, and all stays', async (t) => {
  let count = 0;
  for (const { path, program } of await scripts) {
    const clashes = clashesOf(program);
    for (const { call, kept } of clashes) {
      put(kept);
      const before = sha256(kept);
      assert.throws(
        () => program.parse(call, { from: 'user' }),
        (error) =>
          error instanceof DescentError &&
          /^--[\w-]+|^<\w+> /.test(error.message) &&
          !error.message.includes('\n') &&
          error.message.includes(kept.split('/')[0]!),
        `${path} ${call.join(' ')}`,
      );
      assert.equal(sha256(kept), before);
      rmSync(kept.split('/')[0]!, { recursive: true });
      count++;
    }
    if (clashes.length === 0) continue;
    await t.test(`${path} itself`, () => {
      const { call, kept } = clashes[0]!;
      const before = sha256(put(kept));
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', join(root, 'scripts', 'tsx.mjs'), join(root, path), ...call],
        { encoding: 'utf8' },
      );
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^.* would (replace|write|both write) .*: name .*\n$/);
      assert.equal(stdout, '');
      assert.equal(sha256(kept), before);
      rmSync(kept.split('/')[0]!, { recursive: true });
    });
  }
  assert.ok(count > 30, String(count));
});

const named = (option: string, places: Place[]): Named[] => places.map((place) => ({ ...place, option }));
const refused = (read: Place[], written: Place[]): boolean => {
  try {
    checkFiles(named('<in>', read), named('--out', written));
    return false;
  } catch (error) {
    if (error instanceof DescentError) return true;
    throw error;
  }
};

test('one file is seen through all its names', () => {
  put('t.csv');
  mkdirSync('x');
  symlinkSync('t.csv', 'link.csv');
  symlinkSync('link.csv', 'link-to-link.csv');
  symlinkSync('.', 'here');
  symlinkSync('nowhere', 'dangling');
  linkSync('t.csv', 'hard.csv');
  const names = [
    't.csv',
    './t.csv',
    'x/../t.csv',
    './x/../here/t.csv',
    join(scratch, 't.csv'),
    relative('.', join(scratch, 't.csv')),
    'link.csv',
    'link-to-link.csv',
    'hard.csv',
    'here/here/hard.csv',
    'not-there/../t.csv',
  ];
  for (const one of names) for (const other of names) assert.ok(refused(file(one), file(other)), `${one} ${other}`);
  for (const other of ['u.csv', 'x/t.csv', 'dangling']) assert.ok(!refused(file('t.csv'), file(other)), other);
  const written = (one: string, other: string): boolean => {
    try {
      checkFiles([], [...named('--a', file(one)), ...named('--b', file(other))]);
      return false;
    } catch {
      return true;
    }
  };
  assert.ok(written('new/a.csv', 'here/new/../new/./a.csv'), 'of what is not there yet');
  assert.ok(written(join(scratch, 'new', 'a.csv'), 'new/a.csv'));
  assert.ok(!written('new/a.csv', 'new/b.csv'));
  const ignoresCase = existsSync('T.CSV');
  assert.equal(written('new/a.csv', 'new/A.csv'), ignoresCase, 'as this disk has it');
  assert.equal(refused(file('t.csv'), file('T.csv')), ignoresCase);
  assert.deepEqual(
    readdirSync('.').sort(),
    ['dangling', 'hard.csv', 'here', 'link-to-link.csv', 'link.csv', 't.csv', 'x'],
    'the check leaves nothing behind',
  );
});

test('nothing is written into a folder that is read, nor among folders of classes', () => {
  for (const path of ['model/model.json', 'photos/cat/1.jpg', 'photos/table.csv', 'out/a.csv']) put(path);
  symlinkSync('../model', 'out/model');
  assert.ok(refused(folder('model'), file('model/new/a.csv')));
  assert.ok(refused(folder('model'), file('out/model/a.csv')), 'by another way');
  assert.ok(refused(folder('out/model'), file('model/a.csv')));
  assert.ok(refused(folder('model'), folder('model')));
  assert.ok(refused(file('model/model.json'), folder('model')), 'the folder is replaced as a whole');
  assert.ok(!refused(folder('model'), file('model-2/a.csv')));
  assert.ok(refused(classes('photos'), file('photos/cat/a.csv')));
  assert.ok(refused(classes('photos'), file('photos/new/a.csv')), 'a new folder would be a class');
  assert.ok(refused(classes('photos'), folder('photos/new')));
  assert.ok(!refused(classes('photos'), file('photos/table.csv')), 'files beside the folders are no photos');
  assert.ok(!refused(classes('photos'), file('photos.csv')));
});

test('what cannot be written is told before the work, and what is no ordinary file is not replaced', () => {
  put('a.txt');
  mkdirSync('full');
  const fails = (path: string, message: RegExp): void =>
    assert.throws(() => checkFiles([], named('--out', file(path))), { name: 'DescentError', message });
  fails('a.txt/x.csv', /^a\.txt.x\.csv cannot be written: a part of its path is a file/);
  fails('full', /^full cannot be written: there is a folder of that name/);
  fails(`${'n'.repeat(300)}.csv`, /cannot be written: its name is too long/);
  if (process.platform !== 'win32')
    fails('/dev/null', /^\/dev\/null cannot be written: it is there and is no ordinary file/);
  assert.doesNotThrow(() => checkFiles([], named('--out', file('new/folders/x.csv'))));
  assert.ok(!existsSync('new'));
});
