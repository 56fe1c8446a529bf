import { axis, chart, marks, type Figure } from '../chart';
import { share } from '../chart/words';
import type { LineOptions } from '../chart/marks';
import type { EvaluationRow } from '../../evaluation';
import { wilsonInterval } from '../../evaluation/tally';
import { byAttack, in255ths, measured, shares, sizeAxis, unsaved, type AttackFigureOptions } from './success-figure';

/** An evaluation of adversarial examples made on one network and tried on another. */
export interface Transfer {
  /** The network that was attacked. */
  from: string;
  /** The network that was shown the adversarial examples too. */
  to: string;
  /** The evaluation's table, made with --transfer-to. */
  rows: readonly EvaluationRow[];
}

/** A share of the photos that is nearly all of them. */
const NEARLY_ALL = 0.99;

/** A share of so many photos; of how many, a table of an earlier version does not say. */
interface Share {
  y: number;
  tried?: number;
}

/** Its 95 % interval; where it has none, the share alone. */
function intervalOf({ y, tried }: Share): { low: number; high: number } {
  const [low, high] = tried === undefined ? [y, y] : wilsonInterval(Math.round(y * tried), tried);
  return { low, high };
}

/** The shares in percent, with their intervals if they have such. */
const drawn = (points: readonly Share[]): LineOptions =>
  points.some(({ tried }) => tried === undefined)
    ? { y: points.map(({ y }) => 100 * y) }
    : shares(points.map((point) => ({ success: point.y, ...intervalOf(point) })));

/**
 * How many of the successes on one network are misclassified by the other too, by size, with 95 % intervals: a panel for
 * each direction.
 */
export function transferFigure(transfers: readonly Transfer[], options: AttackFigureOptions): Figure {
  const panels = transfers.map(({ from, to, rows }) => {
    // The control has too few successes for a share of them to say anything.
    const attacks = byAttack(measured(unsaved(rows)), options.attacks).filter(({ control }) => !control);
    const curves = attacks.map(({ attack, own, look }) => ({
      attack,
      look,
      points: own.flatMap(({ epsilon, success, transfer, tried }) =>
        transfer === null ? [] : [{ x: in255ths(epsilon), y: transfer, tried, success }],
      ),
    }));
    const told = curves.map(
      ({ look, points }) => `${look.name} ${points.map(({ x, y }) => `${share(y)} at ${x}/255`).join(', ')}`,
    );
    return { from, to, curves, says: `Of the successes on ${from}, so many transfer to ${to}: ${told.join('; ')}.` };
  });
  const sizes = transfers.flatMap(({ rows }) => unsaved(rows).map(({ epsilon }) => epsilon));
  const highs = panels.flatMap(({ curves }) =>
    curves.flatMap(({ points }) => points.map((point) => intervalOf(point).high)),
  );
  const top = 10 * Math.ceil(Math.max(1, 10.5 * Math.max(0, ...highs)));
  // the least size at which the attack on top, the article's, has success on nearly every photo of either network
  const onTop = panels.map(({ curves }) => curves.at(-1)?.points ?? []);
  const strong = onTop[0]?.find(({ x }) =>
    onTop.every((points) => points.some((point) => point.x === x && point.success >= NEARLY_ALL)),
  )?.x;
  const carried = panels.flatMap(({ curves }) =>
    curves.flatMap(({ points }) => points.filter(({ x }) => strong === undefined || x === strong)),
  );
  return chart(options, {
    finding:
      `${strong === undefined ? 'Of' : `At ${strong}/255, of`} what fools one network at most ` +
      `${share(Math.max(0, ...carried.map(({ y }) => y)))} fool the other`,
    says: panels.map(({ says }) => says).join(' '),
    marks: panels.flatMap(({ curves }, panel) =>
      curves.map(({ attack, look, points }) =>
        marks.line({
          ...look,
          group: attack,
          panel,
          legend: panel === 0,
          x: points.map(({ x }) => x),
          ...drawn(points),
        }),
      ),
    ),
    legend: 'grouped',
    headings: 1,
    height: 480,
    grid: {
      columns: transfers.length,
      panels: panels.map(({ from, to }) => ({
        title: `${from} → ${to}`,
        x: axis(sizeAxis(sizes)),
        y: axis({ title: 'transfer to the other', unit: '%', range: [-0.03 * top, top] }),
      })),
    },
  });
}
