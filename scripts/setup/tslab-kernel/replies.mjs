// Replies as the protocol has them: https://jupyter-client.readthedocs.io/en/stable/messaging.html
import { Handler, replace, ts } from './tslab.mjs';

replace(
  Handler,
  'handleKernel',
  (describe) =>
    function () {
      return { status: 'ok', ...describe.call(this) };
    },
);

Handler.handleShutdown = ({ restart }) => ({ status: 'ok', restart });

// tslab calls complete whatever does not miss an end.
replace(
  Handler,
  'handleIsComplete',
  (isComplete) =>
    function (request) {
      const reply = isComplete.call(this, request);
      const { parseDiagnostics } = ts.createSourceFile('cell.ts', `export {};${request.code}`, ts.ScriptTarget.Latest);
      return reply.status === 'complete' && parseDiagnostics.length > 0 ? { status: 'invalid' } : reply;
    },
);

// Jupyter counts characters, tslab the units of UTF-16: an emoji before the cursor is one or two.
const toUnits = (code, position) => [...code].slice(0, position).join('').length;
const toCharacters = (code, position) => [...code.slice(0, position)].length;

replace(
  Handler,
  'handleInspect',
  (inspect) =>
    function ({ code, cursor_pos, ...request }) {
      return inspect.call(this, { ...request, code, cursor_pos: toUnits(code, cursor_pos) });
    },
);

replace(
  Handler,
  'handleComplete',
  (complete) =>
    function ({ code, cursor_pos, ...request }) {
      const reply = complete.call(this, { ...request, code, cursor_pos: toUnits(code, cursor_pos) });
      const [cursor_start, cursor_end] = [reply.cursor_start, reply.cursor_end].map((at) => toCharacters(code, at));
      return { ...reply, cursor_start, cursor_end };
    },
);
