// The kernel: runs cells in a worker of the page. What it is told and what it tells is in ../protocol.
import { files, resultOf, setBinaries, setKernel, setPanels, startBackend } from 'descent-lab/browser';
import type { Places } from 'descent-lab/internal';
import { Cells, printed as textOf } from '../cells';
import { importModule } from '../modules';
import type { Message, Request } from '../protocol';
import { bytesOf } from './base64';
import { namesAfter } from './complete';
import { Output, redirectConsole } from './output';

const post = (message: Message): void => (self as unknown as Worker).postMessage(message);
/** As JSON, as Jupyter has it: there is no undefined on the other side. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const output = new Output(post);
const cells = new Cells({ importModule });

/** The run that goes on, or was the last: what is printed later, by a timer, belongs to it too. */
let current = 0;

redirectConsole((name, text) => {
  if (said === undefined) output.print(current, name, text);
  else said += text;
});
setKernel((bundle, update) => {
  output.flush();
  post({ type: 'display', run: current, bundle: plain(bundle), update });
});

/** Cells, and what controls draw, come one after the other: a loop that waits must not meet another's tensors. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}

/** What hears of each panel's moves. */
const panels = new Map<string, (places: Places) => Promise<void>>();
setPanels((id, moved) => {
  panels.set(id, moved);
  return {
    work: (make) =>
      inTurn(async () => {
        said = '';
        try {
          return await make();
        } finally {
          [printed, said] = [said, undefined];
        }
      }),
    show: (payload) => post({ type: 'drawn', id, payload: plain(payload), text: printed }),
    fail: (error) => post({ type: 'drawn', id, text: `${printed}${cells.describe(error).text}` }),
  };
});
/** What is printed while a control draws: it stands beside the control, in place of what was there. */
let said: string | undefined;
let printed = '';

const wanted = new Map<string, (bytes: Uint8Array | undefined) => void>();
setBinaries(
  (name) =>
    new Promise((resolve) => {
      wanted.set(name, resolve);
      post({ type: 'need', name });
    }),
);

async function run({ run, cell, source }: Extract<Request, { type: 'run' }>): Promise<void> {
  current = run;
  const start = performance.now();
  let ok = true;
  try {
    const { value } = await cells.run(source, cell);
    const bundle = await resultOf(value);
    const text = bundle?.data['text/plain'] ?? textOf(value);
    if (bundle && Object.keys(bundle.data).length > 1) {
      output.flush();
      post({ type: 'display', run, bundle: plain(bundle), update: false });
    } else if (text !== undefined) output.print(run, 'stdout', `${text as string}\n`);
  } catch (error) {
    ok = false;
    output.flush();
    post({ type: 'error', run, error: cells.describe(error) });
  }
  output.flush();
  post({ type: 'done', run, ok, ms: performance.now() - start });
}

/** What each request does. */
const answers: { [T in Request['type']]: (request: Extract<Request, { type: T }>) => unknown } = {
  files: ({ files: given }) => {
    for (const [path, content] of Object.entries(given)) files.add(path, bytesOf(content));
  },
  'ready-cells': ({ address }) => {
    (self as unknown as { importScripts: (address: string) => void }).importScripts(address);
    cells.useReady(readyCells!);
  },
  binary: ({ name, bytes }) => {
    wanted.get(name)?.(bytes === undefined ? undefined : bytesOf(bytes));
    wanted.delete(name);
  },
  analyse: ({ id, sources }) => post({ type: 'analysed', id, cells: sources.map((source) => cells.analyse(source)) }),
  run: (request) => inTurn(() => run(request)),
  // one that a restart has forgotten answers nothing
  move: ({ id, places }) => panels.get(id)?.(places),
  interrupt: () => process.emit('SIGINT'),
  complete: ({ id, text }) =>
    post({
      type: 'completed',
      id,
      names: namesAfter(
        text,
        (name) => cells.lookUp(name),
        () => cells.names(),
      ),
    }),
};

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  void (answers[data.type] as (request: Request) => unknown)(data);
});

// A promise that nobody waits for fails in silence otherwise.
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  output.print(current, 'stderr', `${cells.describe(event.reason).text}\n`);
});

/** Whether text may become code here. */
function compiles(): boolean {
  try {
    return (0, eval)('true') as boolean;
  } catch {
    return false;
  }
}

void startBackend().then((started) => post({ type: 'ready', ...started, compiles: compiles() }));
