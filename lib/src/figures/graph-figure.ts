import type { GraphNode } from '../gradients';
import { animate, chart, marks, palette, type Figure, type FindingOptions, type JsonObject } from './chart';
import { digits } from './chart/words';

/** Where things stand, in parts of the width: what is given, the boxes, what is said of each. */
const [GIVEN, BOX, SAID] = [0.305, { from: 0.34, to: 0.54 }, 0.56];
/** How far beside the boxes edges begin that come from what is given, and bows go. */
const [BEGIN, BOW] = [0.03, 0.08];
/** In rows: half the height of a box, and the distance of the lines beside it. */
const [HALF, LINE] = [0.3, 0.17];

/** A node and the row that it stands in, from the top. */
interface Placed extends GraphNode {
  row: number;
}

/**
 * A loss as the tape notes it, as `computationGraph` returns it: what is given on the left, the operations from the top to
 * the loss, each with its value and the gradient that arrives there. Played, the values flow down first, then the
 * gradients flow back up.
 */
export function graphFigure(graph: readonly GraphNode[], options: FindingOptions): Figure {
  const nodes = place(graph);
  const rows = Math.max(...nodes.map(({ row }) => row)) + 1;
  const operations = nodes.filter(({ kind }) => kind === 'operation');
  const given = nodes.filter(({ kind }) => kind !== 'operation');
  const variables = nodes.filter(({ kind }) => kind === 'variable');
  const loss = nodes.at(-1)!;
  const finding =
    `Forward through ${operations.length} operations to the loss ${numbers(loss.values)}, ` +
    `and back to its gradient: ${variables.map(({ name, gradient }) => `${name} ${numbers(gradient)}`).join(', ')}`;

  const told = [...operations, ...variables].filter(({ gradient }) => gradient);

  /** What is written where, once `forward` operations have their value and the last `back` of them have been gone through. */
  const moving = (forward: number, back: number): JsonObject[] => {
    const passed = operations.slice(operations.length - back);
    const isReached = (node: Placed): boolean =>
      back > 0 && (node === loss || passed.some(({ inputs }) => inputs.includes(nodes.indexOf(node))));
    return [
      { text: operations.map(({ values }, i) => (i < forward ? numbers(values) : '')) },
      { text: told.map((node) => (isReached(node) ? `↑ ${numbers(node.gradient)}` : '')) },
    ];
  };
  /** Words beside the boxes, and below what is given. */
  const words = (list: Placed[], line: number, color: string): JsonObject =>
    marks.text(
      {
        x: list.map(({ kind }) => (kind === 'operation' ? SAID : GIVEN)),
        y: list.map(({ kind, row }) => row + (kind === 'operation' ? line : 2 * line) * LINE),
        extra: { textposition: list.map(({ kind }) => `middle ${kind === 'operation' ? 'right' : 'left'}`) },
      },
      { color, size: 13 },
    );
  const edgesTo = (node: Placed): JsonObject[] =>
    [...new Set(node.inputs)].map((i) => {
      const from = nodes[i]!;
      return edge(from, node, operations.indexOf(node) - operations.indexOf(from) === 1);
    });
  const figure = chart(options, {
    finding,
    says: `${options.title ?? finding}. ${nodes.map(inWords).join('; ')}.`,
    marks: [
      marks.text(
        {
          x: operations.map(() => (BOX.from + BOX.to) / 2),
          y: operations.map(({ row }) => row),
          extra: { text: operations.map(boxText), textposition: 'middle center' },
        },
        { color: palette.text, size: 13 },
      ),
      marks.text(
        {
          x: given.map(() => GIVEN),
          y: given.map(({ row }) => row),
          extra: {
            text: given.map(({ name, values }) => `<b>${name}</b> ${numbers(values, 1)}`), // on a phone two reach the boxes
            textposition: 'middle left',
          },
        },
        { color: palette.data, size: 13 },
      ),
      words(operations, -1, palette.model),
      words(told, 1, palette.warning),
    ],
    height: 130 + 56 * rows,
    margin: { l: 16, r: 16, b: 20 },
    headings: 1,
    x: { title: '', range: [0, 1], extra: { visible: false, fixedrange: true } },
    y: { title: '', range: [rows - 0.4, -0.8], extra: { visible: false, fixedrange: true } },
    extra: {
      shapes: [...operations.map(box), ...nodes.flatMap(edgesTo)],
      annotations: [
        heading(GIVEN, 'given', palette.data, 'right'),
        heading(BOX.from, 'operations', palette.text),
        heading(SAID, `value ↓ <span style="color:${palette.warning}">gradient ↑</span>`, palette.model),
      ],
    },
  });
  const count = operations.length;
  const states = [
    ...Array.from({ length: count + 1 }, (_, i) => moving(i, 0)),
    ...Array.from({ length: count }, (_, i) => moving(count, i + 1)),
  ];
  return animate(
    figure,
    states.map((data, i) => ({ label: String(i), data })),
    { prefix: 'step ' },
  );
}

/** Operations one below the other; what is given stands beside the first that takes it, the first of several above it. */
function place(graph: readonly GraphNode[]): Placed[] {
  const rows = new Map<number, number>();
  let next = 0;
  graph.forEach(({ kind, inputs }, i) => {
    if (kind !== 'operation') return;
    const fresh = [...new Set(inputs)].filter((from) => graph[from]!.kind !== 'operation' && !rows.has(from));
    fresh.forEach((from, j) => rows.set(from, next + j));
    next += Math.max(0, fresh.length - 1);
    rows.set(i, next++);
  });
  return graph.map((node, i) => ({ ...node, row: rows.get(i) ?? 0 }));
}

/** The first numbers of a tensor, of several to three digits. */
function numbers(values: readonly number[] = [], count = 2): string {
  if (values.length < 2) return values.map(digits).join('');
  const shown = values.slice(0, count).map((value) => digits(Number(value.toPrecision(3))));
  return values.length > count ? `${shown.join(', ')}, …` : shown.join(', ');
}

const boxText = ({ name, shape }: Placed): string =>
  shape.length ? `${name}<br><span style="font-size:11px">[${shape.join(', ')}]</span>` : name;

const box = ({ row }: Placed): JsonObject => ({
  type: 'rect',
  x0: BOX.from,
  x1: BOX.to,
  y0: row - HALF,
  y1: row + HALF,
  line: { color: palette.muted, width: 1.5 },
  fillcolor: palette.shade,
  layer: 'below',
});

/** From what is given to its box, from one box down to the next, and past the boxes between in a bow. */
function edge(from: Placed, to: Placed, isNext: boolean): JsonObject {
  const [middle, aside] = [(BOX.from + BOX.to) / 2, BOX.from - BOW];
  const path =
    from.kind !== 'operation'
      ? `M ${BOX.from - BEGIN} ${from.row} L ${BOX.from} ${from.row === to.row ? to.row : to.row - HALF}`
      : isNext
        ? `M ${middle} ${from.row + HALF} L ${middle} ${to.row - HALF}`
        : `M ${BOX.from} ${from.row} C ${aside} ${from.row} ${aside} ${to.row} ${BOX.from} ${to.row}`;
  return { type: 'path', path, line: { color: palette.muted, width: 1.5 }, layer: 'below' };
}

/** What a column of the figure holds, above it. */
const heading = (x: number, text: string, color: string, xanchor = 'left'): JsonObject =>
  marks.note(text, { xref: 'x', x, xanchor, yref: 'y', y: -0.7, yanchor: 'middle' }, color);

const inWords = ({ name, kind, shape, values, gradient }: Placed): string =>
  `${name}${kind === 'operation' && shape.length ? ` of shape [${shape.join(', ')}]` : ''} ${numbers(values)}` +
  (gradient ? `, gradient ${numbers(gradient)}` : '');
