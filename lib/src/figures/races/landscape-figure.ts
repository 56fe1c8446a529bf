import { axis, chart, marks, palette, round, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { stableRange, type Ground } from '../../races/landscape';
import { capital } from '../chart/words';
import { optimizerTitle } from './style';

/** Losses are drawn as factors of ten below the start's, down to this many. */
const DEEPEST = 6;

/**
 * Final loss against the learning rate, a panel for each ground and a row for each optimiser: the darker the lower. A
 * cross is where the run diverged, a dot the best rate, a line the range of rates that end below the start.
 */
export function landscapeFigure(grounds: readonly Ground[], options: FindingOptions): Figure {
  const drawn = grounds.flatMap(({ landscapes, startLoss }, panel): JsonObject[] => {
    const rows = [...landscapes].reverse().map((row) => ({ ...row, optimizer: optimizerTitle(row.optimizer) })); // the first on top
    const legend = panel === 0;
    const depth = (loss: number | undefined): number | null =>
      loss === undefined
        ? null
        : Math.max(-1, Math.min(DEEPEST, Math.log10(startLoss / Math.max(loss, Number.MIN_VALUE))));
    const lost = rows.flatMap(({ optimizer, rates, diverged }) =>
      rates.flatMap((rate, k) => (diverged[k] === undefined ? [] : [[rate, optimizer] as const])),
    );
    const ranges = rows.flatMap(({ optimizer, ...rest }) => {
      const range = stableRange(rest, startLoss);
      return range ? [{ optimizer, ...range }] : [];
    });
    const below = {
      name: 'ends below the start',
      panel,
      x: ranges.flatMap(({ from, to }) => [from, to, null]),
      y: ranges.flatMap(({ optimizer }) => [optimizer, optimizer, null]),
    };
    return [
      marks.cells({
        panel,
        x: rows[0]!.rates,
        y: rows.map(({ optimizer }) => optimizer),
        z: round(
          rows.map(({ losses }) => losses.map(depth)),
          3,
        ),
        range: [-1, DEEPEST],
        reverse: true,
        colorbar: legend ? DEPTHS : undefined,
        hover: 'rate %{x}<br>%{z:.2f} factors of ten below the start<extra>%{y}</extra>',
        extra: { ygap: 3 },
      }),
      // Dark in a light casing: it stands out from every colour of the map.
      marks.line({ ...below, legend: false, color: palette.paper, width: 4 }),
      marks.line({ ...below, legend, color: palette.text, width: 1.5 }),
      marks.dots({
        name: 'best rate',
        panel,
        legend,
        x: ranges.map(({ best }) => best),
        y: ranges.map(({ optimizer }) => optimizer),
        color: palette.series[1]!,
        size: 9,
        edge: { color: palette.paper, width: 1.5 },
        hover: 'best rate %{x}<extra>%{y}</extra>',
      }),
      marks.dots({
        name: 'diverged',
        panel,
        legend,
        x: lost.map(([rate]) => rate),
        y: lost.map(([, optimizer]) => optimizer),
        symbol: 'x-thin',
        size: 6,
        edge: { color: palette.warning, width: 1.5 },
        hover: 'diverged at rate %{x}<extra>%{y}</extra>',
      }),
    ];
  });
  return chart(options, {
    finding: findingOf(grounds),
    says: `The final loss by learning rate. ${grounds.map(groundInWords).join('. ')}.`,
    marks: drawn,
    height: 380 * Math.ceil(grounds.length / 2) + 120,
    legend: true,
    headings: 1,
    grid: {
      columns: 2,
      gapX: 0.06,
      gapY: 0.17,
      panels: grounds.map(({ name: ground }, i) => ({
        title: capital(ground),
        x: axis({ title: 'learning rate', log: true }),
        y: axis({ title: '', extra: { tickfont: { size: 11 }, showticklabels: i % 2 === 0 } }),
      })),
    },
  });
}

/** The bar that explains the colours, below the panels. */
const DEPTHS: JsonObject = {
  orientation: 'h',
  title: { side: 'top', text: 'final loss, in factors of ten below the start' },
  thickness: 14,
  y: -0.08,
  yanchor: 'top',
};

/** `adam 0.1 (stable from 0.001 to 3)` for each optimiser: the best rate and the stable range. */
function groundInWords({ name, landscapes, startLoss }: Ground): string {
  const words = landscapes.map((landscape) => {
    const range = stableRange(landscape, startLoss);
    if (!range) return `${landscape.optimizer} never below the start`;
    return `${landscape.optimizer} ${range.best} (stable from ${range.from} to ${range.to})`;
  });
  return `${name}: ${words.join(', ')}`;
}

/** Who diverges at the largest rate on every ground. */
function findingOf(grounds: readonly Ground[]): string {
  const wild = grounds.map(({ landscapes }) =>
    landscapes
      .filter(({ diverged }) => diverged.at(-1) !== undefined)
      .map(({ optimizer }) => optimizerTitle(optimizer)),
  );
  const always = (wild[0] ?? []).filter((name) => wild.every((names) => names.includes(name)));
  const only = wild.every((names) => names.length === always.length) ? 'only ' : '';
  const largest = Math.max(...grounds.flatMap(({ landscapes }) => landscapes.flatMap(({ rates }) => rates)));
  const who =
    always.length === 0
      ? 'nobody diverges on every ground'
      : `${only}${list(always)} diverge${always.length === 1 ? 's' : ''}`;
  return `The final loss by learning rate: at ${largest} ${who}`;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
