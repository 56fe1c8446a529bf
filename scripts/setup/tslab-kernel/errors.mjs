// Errors as a reader is told them: what, where in the reader's own lines, and what to do where that is known. The web
// page's kernel tells them in the same words (web/src/cells/errors.ts).
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, stripVTControlCharacters } from 'node:util';
import { isCell, placeOf, spotOf } from './compiler.mjs';
import { withoutOperators } from './tensors.mjs';
import { ts } from './tslab.mjs';

/** How many complaints of the compiler are told: the first mends most of them. */
const MOST = 5;
// The default, 10, may end inside the library before it comes to the cell.
Error.stackTraceLimit = 50;

const red = (text) => `\u001b[31m${text}\u001b[39m`;

/** A line of the reader's, with carets under a place of it; tabs stay one column wide. */
function excerpt({ label, line, column, text, width = 1 }) {
  const carets = Math.max(1, Math.min(width, text.length - column + 1));
  return [
    '',
    `${label}, line ${line}:`,
    `  ${text.replaceAll('\t', ' ')}`,
    `  ${' '.repeat(column - 1)}${red('^'.repeat(carets))}`,
  ];
}

/** What a cell comes to that failed, as the protocol has it; `head` of the first line is set off. */
const failure = (ename, evalue, head, [first, ...more]) => ({
  ename,
  evalue,
  traceback: [first.startsWith(head) ? red(head) + first.slice(head.length) : first, ...more],
});

/** A told error as plain text. */
export const asText = ({ traceback }) => stripVTControlCharacters(traceback.join('\n'));

// --- What the compiler says.

/** What TypeScript calls a syntax error. */
const isSyntax = ({ code }) => code < 2000;
const nameOf = (diagnostic) => (isSyntax(diagnostic) ? 'SyntaxError' : `TS${diagnostic.code}`);
const flat = ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n');
/** tslab makes one complaint of each link of a chain. */
const links = (message) =>
  typeof message === 'string' ? [message] : [message.messageText, ...(message.next ?? []).flatMap(links)];

/** What TypeScript says of operands. */
const OPERATORS = [2356, 2362, 2363, 2365, 2367];

/** Those that tslab counts: it leaves out what is no fault in a cell, and says of each less than TypeScript does. */
function counted(diagnostics, kept) {
  let next = 0;
  return diagnostics.filter(({ messageText }) => {
    const messages = links(messageText);
    const isKept = messages.every((text, i) => kept[next + i]?.messageText === text);
    if (isKept) next += messages.length;
    return isKept;
  });
}

/**
 * Tells why code does not compile: `diagnostics` are TypeScript's, `kept` what tslab makes of them. Where the syntax is
 * wrong that alone is told: the rest may only follow from it.
 */
export function tellDiagnostics(diagnostics, kept, program, cell) {
  const checker = program.getTypeChecker();
  const told = new Set();
  const all = counted(diagnostics, kept);
  const problems = (all.some(isSyntax) ? all.filter(isSyntax) : all).flatMap((diagnostic) => {
    const operator = OPERATORS.includes(diagnostic.code) && withoutOperators(diagnostic, checker);
    if (told.has(operator?.node)) return []; // Both its sides are complained of.
    if (operator) told.add(operator.node);
    const said = operator ? `tensors have no operators: use ${operator.text}` : flat(diagnostic);
    return { diagnostic, operator, said };
  });
  const lines = problems.slice(0, MOST).flatMap(({ diagnostic, operator, said }, i) => {
    const { file, start, length } = diagnostic;
    const from = operator ? operator.node.getStart(file) : start;
    const width = operator ? operator.node.end - from : length;
    const { line, character } = ts.getLineAndCharacterOfPosition(file, from);
    const spot = spotOf(file, line, character);
    const label = isCell(file) ? cell : path.relative(process.cwd(), file.fileName);
    return [
      ...(i > 0 ? [''] : []),
      `${nameOf(diagnostic)}: ${said}`,
      ...(spot ? excerpt({ label, width, ...spot }) : []),
      ...hints(diagnostic, file),
    ];
  });
  const more = problems.length - MOST;
  if (more > 0) lines.push('', `and ${more} more`);
  const [{ diagnostic, said }] = problems;
  return failure(nameOf(diagnostic), said, nameOf(diagnostic), lines);
}

/** What TypeScript adds, such as "Did you forget to use 'await'?". Where a thing of a package stands helps nobody. */
const hints = ({ relatedInformation = [] }, own) =>
  relatedInformation.flatMap((related) => {
    const isOwn = related.file === own;
    if (related.file && !isOwn && / is declared here\.$/.test(flat(related))) return [];
    const spot = isOwn && spotOf(own, ts.getLineAndCharacterOfPosition(own, related.start).line, 0);
    return [`${flat(related)}${spot ? ` (line ${spot.line})` : ''}`];
  });

// --- What is thrown.

/** Tells an error that was thrown; `how` comes before it where it was not simply thrown. */
export function tellThrown(error, how = '') {
  const { name, message } = nameAndMessage(error);
  const { spots, left } = framesOf(error);
  const [first, ...callers] = spots;
  const isForReaders = isOfTheLibrary(error);
  const saysAll = isForReaders || name === INTERRUPTED;
  return failure(name, how + message, how + name, [
    how + (isForReaders ? message : `${name}: ${message}`),
    ...(first ? excerpt(first) : []),
    ...callers.map(({ label, line }) => `called from ${label}, line ${line}`),
    ...(left > 0 && !saysAll ? ['', leftOut(left)] : []),
  ]);
}

/** Whether an error is a DescentError, or of a class made from it: its message says all. */
function isOfTheLibrary(error) {
  if (!(error instanceof Error)) return false;
  for (let { constructor } = error; constructor; constructor = Object.getPrototypeOf(constructor)) {
    if (constructor.name === 'DescentError') return true;
  }
  return false;
}

/** What the stop button throws. */
const INTERRUPTED = 'Interrupted';

const leftOut = (count) => `(${count} ${count === 1 ? 'call' : 'calls'} inside packages and Node left out)`;

function nameAndMessage(error) {
  if (!(error instanceof Error)) return { name: 'Error', message: `a cell threw ${inspect(error)}` };
  if (error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' || error.message === 'Interrupted asynchronously') {
    return { name: INTERRUPTED, message: 'the cell was interrupted' };
  }
  const because = error.cause instanceof Error ? ` (because: ${error.cause.message})` : '';
  const parts =
    error instanceof AggregateError ? error.errors.map((one) => `\n  ${nameAndMessage(one).message}`).join('') : '';
  return { name: error.name, message: unqualified(String(error.message)) + parts + because };
}

/** To the engine the names of other cells and of imports are properties. */
const unqualified = (message) =>
  message
    .replace(/\(0\s*,\s*(?:exports|\w+_\d+)\.([\w$.]+)\)/g, '$1')
    .replace(/\b(?:exports|\w+_\d+)\.(?=[\w$.]+ is not )/g, '');

/** A file, a line and a column at the end of a line of a stack. */
const place = /((?:cell \[\d+\]|(?:file:\/\/)?[^\s()]+\.\w+)):(\d+)(?::(\d+))?\)?$/;

/** The places in the reader's own code that an error came through, the innermost first, and how many others. */
function framesOf(error) {
  const lines = typeof error?.stack === 'string' ? error.stack.split('\n') : [];
  const spots = [];
  let [left, passed] = [0, 0];
  for (const line of lines.filter((text) => /^\s+at /.test(text))) {
    const [, file, row, column] = place.exec(line) ?? [];
    const spot = file && spotOfCall(file, Number(row), Number(column));
    if (!spot) {
      passed += 1;
      continue;
    }
    left += passed; // Those below the last one are the kernel's, which called the cell.
    passed = 0;
    const last = spots.at(-1);
    if (last?.label !== spot.label || last.line !== spot.line) spots.push(spot);
  }
  if (spots.length > 0) return { spots, left };
  // Code that does not even parse is called by nobody; then the engine puts its place above the message.
  const [, file, row] = place.exec(lines[0]) ?? [];
  const spot = file && spotOfCall(file, Number(row), (lines[2]?.indexOf('^') ?? 0) + 1);
  return { spots: spot ? [spot] : [], left: spot ? 0 : passed };
}

/** Where a call stands in a cell, or in a file that the reader wrote beside the notebook. */
function spotOfCall(file, line, column) {
  if (/^cell \[/.test(file)) {
    const spot = placeOf(file, line, column);
    return spot && { label: file, ...spot };
  }
  const name = file.startsWith('file:') ? fileURLToPath(file) : file;
  const label = path.relative(process.cwd(), name);
  if (!path.isAbsolute(name) || label.startsWith('..') || label.includes('node_modules')) return undefined;
  const spot = placeOf(name, line, column);
  return spot && { label: label.replace(/\.js$/, '.ts'), ...spot };
}
