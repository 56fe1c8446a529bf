// What a cell comes to: a result, or an error. tslab prints both, and replies that something failed without saying what.
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import vm from 'node:vm';
import { diagnostics, forgetUnnamed, nameScript, program } from './compiler.mjs';
import { asText, tellDiagnostics, tellThrown } from './errors.mjs';
import { remember } from './history.mjs';
import { firstLost, watch } from './lost.mjs';
import { answerTo, send, server } from './messages.mjs';
import { Handler, jupyter, replace, Server, tslab } from './tslab.mjs';

const executors = tslab('./dist/executor.js');
const converters = tslab('./dist/converter.js');
const { TaskQueue } = tslab('./dist/util.js');

/** The cell that runs or ran last. */
let run = {};
/** The messages by their contents, which is all that tslab hands on. */
const messages = new WeakMap();
/** What a request came to, where it failed. */
const failures = new WeakMap();
const cellName = () => (run.silent ? 'silent code' : `cell [${server.handler.execCount}]`);

replace(
  Server,
  'handleExecute',
  (handle) =>
    function (socket, message) {
      messages.set(message.content, message);
      requests += 1;
      return handle.call(this, socket, message);
    },
);

// --- The code, by the name that stacks will have for it.

replace(converters, 'createConverter', (create) => (options) => {
  const converter = create(options);
  replace(converter, 'convert', (convert) => (...args) => {
    forgetUnnamed();
    const converted = convert(...args);
    run.diagnostics = converted.diagnostics;
    nameScript(cellName(), converted.output);
    for (const { path, data } of converted.sideOutputs ?? []) nameScript(path, data);
    return converted;
  });
  replace(
    converter,
    'addModule',
    (add) =>
      (...args) =>
        (run.diagnostics = add(...args)),
  );
  return converter;
});

// tslab runs all cells under one name.
replace(vm, 'runInThisContext', (runInThisContext) => (code, options) => {
  const isOfACell = options?.breakOnSigint && options.filename === undefined;
  return runInThisContext(code, isOfACell ? { ...options, filename: cellName() } : options);
});

// --- What the executor would print.

replace(
  executors,
  'createExecutor',
  (create) => (root, converterSet) =>
    create(root, converterSet, {
      log(value) {
        if (!run.silent) run.result = { value };
      },
      error(...args) {
        if (args.length === 1) run.thrown = { error: args[0] }; // More of them are a diagnostic.
      },
    }),
);

// --- The cell itself, when its turn has come.

replace(
  Handler,
  'handleExecuteImpl',
  (execute) =>
    async function (request, ...writers) {
      begin(request);
      let count, failed;
      try {
        count = await execute.call(this, request, ...writers);
      } catch (thrown) {
        [count, failed] = [thrown, true];
      }
      if (run.result) await tell(run.result.value);
      const failure = failureOf(failed && (run.thrown ?? { error: count }), await firstLost());
      if (!failure) return count;
      failures.set(request, failure);
      send('error', failure);
      process.emit('descent-lab:failure', asText(failure)); // For whoever runs notebooks and tells of them in own words.
      if (request.stop_on_error === false) return count; // The cells that wait run all the same.
      throw count; // They are dropped.
    },
);

/** Shows what a cell comes to, as the library has it: a table, a chart; else as it is printed. */
async function tell(value) {
  const bundle = await jupyter.resultOf?.(value).catch(() => undefined);
  const { data, metadata } = bundle ?? { data: { 'text/plain': format(value) }, metadata: {} };
  run.noteResult?.(data['text/plain']);
  send('execute_result', { execution_count: server.handler.execCount, data, metadata });
}

function begin(request) {
  answerTo(messages.get(request));
  const line = server.handler.execCount + 1;
  run = { silent: request.silent, diagnostics: [], thrown: undefined, result: undefined, noteResult: undefined };
  if (run.silent) {
    server.handler.execCount -= 1; // It has no number of its own.
  } else {
    send('execute_input', { code: request.code, execution_count: line });
    if (request.store_history !== false) run.noteResult = remember(line, request.code);
  }
  watch();
}

function failureOf(thrown, lost) {
  if (run.diagnostics.length > 0) return tellDiagnostics(diagnostics, run.diagnostics, program, cellName());
  return thrown ? tellThrown(thrown.error) : lost;
}

// --- After an error the cells that wait are dropped. tslab goes on dropping for 200 ms, the next cell of a quick reader
// too. Here the reply comes when no more of them arrive: whoever waits for it is heard.

let requests = 0;
/** Settles when cells run again. */
export let dropping = Promise.resolve();

TaskQueue.prototype.reset = function () {
  const drop = async () => {
    for (let before; before !== requests; await sleep(20)) before = requests;
    this.prev = Promise.resolve();
  };
  dropping = drop();
};

replace(
  Handler,
  'handleExecute',
  (handle) =>
    async function (request, ...writers) {
      const { status, execution_count } = await handle.call(this, request, ...writers);
      if (status === 'error') await dropping;
      const failure = failures.get(request);
      if (failure) return { status: 'error', execution_count, ...failure };
      if (status !== 'ok') return { status: 'aborted', execution_count };
      return { status, execution_count, user_expressions: {}, payload: [] };
    },
);
