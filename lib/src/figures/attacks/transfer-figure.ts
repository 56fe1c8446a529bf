import { axis, baseLayout, panelAxes, panels, round, roundNumber, type Figure } from '../chart';
import type { Attack } from '../../attacks';
import type { EvaluationRow } from '../../evaluation';
import { byAttack, measured, sizeAxis } from './success-figure';

/** An evaluation of victims made on one network and tried on another. */
export interface Transfer {
  /** The network that was attacked. */
  from: string;
  /** The network that was shown the victims too. */
  to: string;
  /** The evaluation's table, made with --transfer-to. */
  rows: readonly EvaluationRow[];
}

/** How many of the victims that fool the one network fool the other too, by size: a panel for each direction. */
export function transferFigure({
  name,
  title,
  transfers,
  attacks,
}: {
  name: string;
  title: string;
  transfers: readonly Transfer[];
  /** Those of your own among the rows. */
  attacks?: readonly Attack[];
}): Figure {
  // The control turns too few photos for a share of them to say anything.
  const all = transfers.map(({ rows }) => byAttack(measured(rows), attacks).filter(({ control }) => !control));
  const sizes = transfers.flatMap(({ rows }) => rows.map(({ epsilon }) => epsilon));
  const known = (own: readonly EvaluationRow[]): EvaluationRow[] => own.filter(({ transfer }) => transfer !== null);
  const most = all
    .flat()
    .flatMap(({ own }) => known(own))
    .reduce((max, { transfer }) => Math.max(max, transfer!), 0);
  const top = 10 * Math.ceil(Math.max(1, 10.5 * most));
  return {
    name,
    description: transfers
      .map(
        ({ from, to }, panel) =>
          `Of the victims made on ${from}, so many fool ${to} too: ` +
          `${all[panel]!.map(
            ({ label, own }) =>
              `${label} ${known(own)
                .map(
                  ({ transfer, epsilon }) =>
                    `${roundNumber(100 * transfer!, 3)} % at ${roundNumber(255 * epsilon, 3)}/255`,
                )
                .join(', ')}`,
          ).join('; ')}.`,
      )
      .join(' '),
    data: all.flatMap((curves, panel) =>
      curves.map(({ attack, label, own, style, hover }) => ({
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: attack,
        showlegend: panel === 0,
        x: known(own).map(({ epsilon }) => roundNumber(255 * epsilon, 3)),
        y: round(known(own).map(({ transfer }) => 100 * transfer!)),
        ...style,
        ...panelAxes(panel),
        hovertemplate: hover,
      })),
    ),
    layout: {
      ...baseLayout({ title, legend: 'grouped', headings: 1, height: 460 }),
      ...panels({
        columns: transfers.length,
        panels: transfers.map(({ from, to }) => ({
          title: `${from} → ${to}`,
          x: sizeAxis(sizes),
          y: axis({ title: 'fool the other too', unit: '%', range: [-0.03 * top, top] }),
        })),
      }),
    },
  };
}
