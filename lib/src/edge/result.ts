// A cell's last expression, as it is shown below the cell: not all that it is, but what a reader wants of it.
import { inspect } from 'node:util';
import type { Trajectory } from '../descent';
import { lossChart, type Figure, type Json } from '../figures';
import { round } from '../figures/chart/round';
import { digits } from '../figures/chart/words';
import { tf } from '../tf';
import { bundleOf } from './display';
import { kernelModule, type Bundle } from './kernel';
import { htmlTable, textTable, type TableRow } from './table';

/** Rows of a table that are shown, and elements of a tensor that are read for it, at most. */
const [ROWS, ELEMENTS] = [20, 100_000];

/** Lets the project's kernel show results so: scripts/setup/tslab-kernel/execution.mjs asks for it. */
export function serveResults(): void {
  const module = kernelModule();
  if (module) Object.assign(module, { resultOf });
}

/** A value in the types that front ends know; undefined for what is best printed as ever. */
export async function resultOf(value: unknown): Promise<Bundle | undefined> {
  if (value instanceof tf.Tensor) return text(tensorText(value as tf.Tensor));
  if (value instanceof tf.LayersModel) return layersOf(value);
  if (isFigure(value)) return bundleOf(value);
  if (isTrajectory(value)) return trajectoryBundle(value);
  if (isFrame(value)) return frameBundle(value);
  return undefined;
}

const text = (plain: string): Bundle => ({ data: { 'text/plain': plain }, metadata: {}, transient: {} });

const tableBundle = (rows: readonly TableRow[], caption: string): Bundle => ({
  data: { 'text/html': `${htmlTable(rows)}<p>${caption}</p>`, 'text/plain': `${textTable(rows)}\n${caption}` },
  metadata: {},
  transient: {},
});

/** Its type, its shape, and its numbers to four digits; of many the first and the last. */
function tensorText(tensor: tf.Tensor): string {
  if (tensor.isDisposed) return `a tensor of shape [${tensor.shape.join(', ')}] that has been disposed of`;
  const head = `${tensor.dtype} tensor of shape [${tensor.shape.join(', ')}]`;
  if (tensor.size > ELEMENTS) return `${head}: ${tensor.size.toLocaleString('en')} elements`;
  const values = tensor.arraySync() as Json;
  return `${head}\n${inspect(round(values), { depth: 6, maxArrayLength: 12, breakLength: 100 })}`;
}

function layersOf(model: tf.LayersModel): Bundle {
  const rows = model.layers.map((layer) => ({
    layer: layer.name,
    kind: layer.getClassName(),
    output: JSON.stringify(layer.outputShape).replaceAll('null', 'batch'),
    weights: layer.countParams(),
  }));
  return tableBundle(rows, `${model.countParams().toLocaleString('en')} weights in all`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isFigure = (value: unknown): value is Figure =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  typeof value['description'] === 'string' &&
  Array.isArray(value['data']) &&
  isObject(value['layout']);

type AnyTrajectory = Trajectory<Record<string, never>>;

const isTrajectory = (value: unknown): value is AnyTrajectory =>
  isObject(value) &&
  Array.isArray(value['loss']) &&
  Array.isArray(value['records']) &&
  typeof value['iterations'] === 'number' &&
  isObject(value['final']);

/** Its loss as a chart, and its end in words. */
async function trajectoryBundle({ loss, iterations, final, stopped }: AnyTrajectory): Promise<Bundle> {
  const [first, last] = [loss[0] ?? Number.NaN, loss.at(-1) ?? Number.NaN];
  const title = `The loss: from ${digits(first)} to ${digits(last)} in ${iterations} iterations`;
  const ended = stopped ? `, stopped: ${stopped}` : '';
  const log = loss.every((value) => value > 0) && Math.max(...loss) > 20 * Math.min(...loss);
  const bundle = await bundleOf(lossChart([{ name: 'loss', loss: round(loss) }], { name: 'result', title, log }));
  const end = inspect(round(final as Json), { depth: 3, maxArrayLength: 6 });
  return { ...bundle, data: { ...bundle.data, 'text/plain': `${title}${ended}\nfinal: ${end}` } };
}

/** A table of polars, whose columns stand before its own properties. */
interface Frame {
  columns: string[];
  head: (rows: number) => Frame;
  toRecords: () => Record<string, unknown>[];
}

const isFrame = (value: unknown): value is Frame =>
  isObject(value) &&
  Array.isArray(value['columns']) &&
  typeof value['head'] === 'function' &&
  typeof value['toRecords'] === 'function';

function frameBundle(frame: Frame): Bundle | undefined {
  const { columns } = frame;
  const rows = frame.head(ROWS + 1).toRecords();
  if (columns.length === 0 || rows.length === 0) return undefined;
  const cell = (value: unknown): string | number =>
    typeof value === 'number'
      ? value
      : value === null || value === undefined
        ? ''
        : typeof value === 'string'
          ? value
          : inspect(value);
  const shown = rows.slice(0, ROWS).map((row) => Object.fromEntries(columns.map((name) => [name, cell(row[name])])));
  return tableBundle(shown, rows.length > ROWS ? `the first ${ROWS} rows` : `${rows.length} rows`);
}
