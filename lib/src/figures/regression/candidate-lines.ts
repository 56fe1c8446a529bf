import { axis, chart, marks, palette, type Figure, type FigureOptions } from '../chart';
import { digits } from '../chart/words';
import { lineError } from '../../regression/exact';
import { predict, type Line } from '../../losses/line';
import { equation, lineMark, pointsMark, roomy, type XY } from './traces';

/** Lines side by side over the same data, each with its errors as thin strokes and its mean squared error above. */
export function candidateLinesFigure({ x, y, lines }: XY & { lines: readonly Line[] }, options: FigureOptions): Figure {
  const errors = lines.map((line) => digits(lineError(line, x.values, y.values)));
  const across = roomy(x.values);
  const up = roomy([...y.values, ...lines.flatMap((line) => predict(line, x.values))]);
  /** A stroke from each point to the line. */
  const strokes = (line: Line): { x: (number | null)[]; y: (number | null)[] } => {
    const feet = predict(line, x.values);
    return {
      x: x.values.flatMap((value) => [value, value, null]),
      y: y.values.flatMap((value, i) => [value, feet[i]!, null]),
    };
  };
  return chart(options, {
    says:
      `The same data under ${lines.length} candidate lines, with a stroke from each point to the line. ` +
      `${lines.map((line, i) => `${equation(line)} has the mean squared error ${errors[i]}`).join('; ')}.`,
    marks: lines.flatMap((line, panel) => [
      marks.line({ panel, ...strokes(line), color: palette.warning, width: 1, extra: { opacity: 0.5 } }),
      pointsMark({ x, y }, panel),
      lineMark(line, across, { name: 'line', panel }),
    ]),
    height: 420,
    headings: 2,
    grid: {
      columns: lines.length,
      gapX: 0.06,
      panels: lines.map((line, i) => ({
        x: axis({ title: x.name, unit: x.unit, range: across }),
        y: axis({ title: y.name, unit: y.unit, titled: i === 0, range: up, extra: { showticklabels: i === 0 } }),
        title: `<b>${equation(line)}</b><br>MSE ${errors[i]}`,
      })),
    },
  });
}
