import type { Column } from '../../data';
import { axis, baseLayout, palette, panelAxes, panels, round, type Figure, type JsonObject } from '../chart';
import { lineError } from '../../regression/exact';
import { predict, type Line } from '../../losses/line';
import { digits, equation, lineTrace, pointsTrace, rangeOf } from './traces';

/** Lines side by side over the same data, each with its errors as thin strokes and its mean squared error above. */
export function candidateLinesFigure(x: Column, y: Column, lines: Line[]): Figure {
  const errors = lines.map((line) => lineError(line, x.values, y.values));
  const across = rangeOf(x.values);
  const up = rangeOf([...y.values, ...lines.flatMap((line) => predict(line, x.values))]);
  return {
    name: 'candidate-lines',
    description:
      `The same data under ${lines.length} candidate lines, with a stroke from each point to the line. ` +
      lines.map((line, i) => `${equation(line)} has the mean squared error ${digits(errors[i]!)}`).join('; ') +
      '.',
    data: lines.flatMap((line, i) => [
      errorsTrace(line, x, y, i),
      pointsTrace(x, y, i),
      lineTrace('line', line, across, i),
    ]),
    layout: {
      ...baseLayout({
        title: 'The shorter the strokes, the smaller the mean squared error (MSE)',
        height: 420,
        headings: 2,
      }),
      ...panels({
        columns: lines.length,
        gapX: 0.06,
        panels: lines.map((line, i) => ({
          x: axis({ title: x.name, unit: x.unit, range: across }),
          y: axis({
            title: i === 0 ? y.name : '',
            unit: i === 0 ? y.unit : undefined,
            range: up,
            extra: { showticklabels: i === 0 },
          }),
          title: `<b>${equation(line)}</b><br>MSE ${digits(errors[i]!)}`,
        })),
      }),
    },
  };
}

/** A stroke from each point to the line. */
function errorsTrace(line: Line, x: Column, y: Column, panel: number): JsonObject {
  const foot = predict(line, x.values);
  return {
    type: 'scatter',
    mode: 'lines',
    hoverinfo: 'skip',
    ...panelAxes(panel),
    x: x.values.flatMap((value) => [...round([value, value]), null]),
    y: y.values.flatMap((value, i) => [...round([value, foot[i]!]), null]),
    line: { color: palette.warning, width: 1 },
    opacity: 0.5,
  };
}
