// What has run since the kernel began, for the keys by which a front end brings it back. tslab answers no such request,
// and JupyterLab makes one for each notebook. Nothing is kept on a disk: there is one session, 1.
import { answers, send } from './messages.mjs';

const SESSION = 1;
const cells = []; // { line, code, result }

/** Notes a cell; gives a function that notes its result. */
export function remember(line, code) {
  const cell = { line, code };
  cells.push(cell);
  return (result) => (cell.result = result);
}

/** A pattern of a shell, `*` and `?`, as a regular expression. */
const glob = (pattern) =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '[^]*')
      .replaceAll('?', '[^]')}$`,
  );

const lastOf = (list, n) => (n > 0 ? list.slice(-n) : list);

const found = {
  tail: ({ n }) => lastOf(cells, n),
  range: ({ session, start, stop }) =>
    [0, SESSION].includes(session ?? 0)
      ? cells.filter(({ line }) => line >= (start ?? 0) && line < (stop ?? Infinity))
      : [],
  search({ pattern = '*', unique, n }) {
    const matching = cells.filter(({ code }) => glob(pattern).test(code));
    const isLast = ({ code }, i) => matching.findLastIndex((other) => other.code === code) === i;
    return lastOf(unique ? matching.filter(isLast) : matching, n);
  },
};

answers.history_request = (message, socket) => {
  const { hist_access_type, output, ...request } = message.content;
  const history = (found[hist_access_type]?.(request) ?? []).map(({ line, code, result = null }) => [
    SESSION,
    line,
    output ? [code, result] : code,
  ]);
  send('history_reply', { status: 'ok', history }, { of: message, socket });
};
