import test from 'node:test';
import assert from 'node:assert/strict';
import { progress } from 'descent-lab';
import { type Bundle } from '../lib/src/edge/kernel';
import { type ProgressEdge } from '../lib/src/edge/progress';

/** A terminal or pipe that remembers, and a clock that stands until it is moved. */
function desk(terminal: { isTTY?: boolean; columns?: number }, inNotebook = false) {
  const written: string[] = [];
  const sent: { text: string; id: string | undefined; update: boolean }[] = [];
  const notebook = ({ data, transient }: Bundle, update: boolean): void =>
    void sent.push({ text: data['text/plain'] as string, id: transient.display_id, update });
  const desk = {
    now: 0,
    written,
    sent,
    notebook: inNotebook ? notebook : undefined,
    stream: { ...terminal, write: (text: string) => written.push(text) },
    clock: (): number => desk.now,
  };
  return desk;
}

/** 0, 100 ... 1000 iterations, 100 ms each. */
function run(edge: ProgressEdge & { now: number }, total?: number): void {
  const bar = progress({ label: 'fit', total }, edge);
  for (let done = 0; done <= 1000; done += 100) {
    edge.now = done;
    bar.update(done, `loss ${1000 - done}`);
  }
  bar.finish();
  bar.update(7);
  bar.finish();
}

test('in a terminal one line is written again and again, with bar, rate and time left', () => {
  const edge = desk({ isTTY: true, columns: 100 });
  run(edge, 1000);
  const at400 = edge.written[2]!;
  assert.equal(at400, '\rfit  ████████░░░░░░░░░░░░   40 %  400/1000 iterations  1000/s  0:01 left  loss 600\x1b[K');
  assert.equal(edge.written.at(-1), '\rfit: 1000 iterations, loss 0\x1b[K\n');
  assert.equal(edge.written.length, 7, 'every 200 ms at most, and once at the end');
});

test('a narrow terminal gets a shorter line, never a second one', () => {
  for (const columns of [20, 40, 60, 72, 80]) {
    const edge = desk({ isTTY: true, columns });
    run(edge, 1000);
    for (const text of edge.written.slice(0, -1))
      assert.ok(text.replace('\r', '').replace('\x1b[K', '').length < columns, text);
  }
});

test('a pipe gets one plain line at the end', () => {
  const edge = desk({});
  run(edge, 1000);
  assert.deepEqual(edge.written, ['fit: 1000 iterations, loss 0\n']);
});

test('without a total there is a count and a rate', () => {
  const edge = desk({ isTTY: true });
  run(edge);
  assert.equal(edge.written[1], '\rfit  200 iterations  1000/s  loss 800\x1b[K');
  assert.equal(edge.written.at(-1), '\rfit: 1000 iterations, loss 0\x1b[K\n');
});

test('in a notebook one output is replaced, and what stays has no rate and no time', () => {
  const edge = desk({ isTTY: true }, true);
  run(edge, 1000);
  assert.deepEqual(edge.written, []);
  assert.deepEqual(
    edge.sent.map(({ update }) => update),
    [false, ...Array<boolean>(6).fill(true)],
  );
  assert.equal(new Set(edge.sent.map(({ id }) => id)).size, 1);
  assert.match(edge.sent[1]!.text, /20 % {2}200\/1000 iterations {2}1000\/s {2}0:01 left/);
  assert.equal(edge.sent.at(-1)!.text, 'fit: 1000 iterations, loss 0');
});

test('long waits are told in hours, and what ends early says so', () => {
  const edge = desk({ isTTY: true, columns: 120 });
  const bar = progress({ label: 'train', total: 100_000, unit: 'photos' }, edge);
  edge.now = 10_000;
  bar.update(100);
  bar.finish('stopped');
  assert.match(edge.written[0]!, /0 % {2}100\/100000 photos {2}10\/s {2}2:46:30 left/);
  assert.match(edge.written[1]!, /train: 100 of 100000 photos, stopped/);
});
