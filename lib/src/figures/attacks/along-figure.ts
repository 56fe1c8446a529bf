import { chart, marks, palette, type Figure, type FindingOptions } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import type { LossAlong } from '../../attacks';

/** How `alongFigure` draws. */
export interface AlongOptions extends FindingOptions {
  /** What the loss is, for the axis: `the cat's lead (logits)`. */
  loss: string;
  /** What one step along the line is, in lengths of its direction. Default: 1/255. */
  step?: number;
  /** What the steps along the line are, for the axis; unless it is given, 255ths along the sign. */
  along?: string;
}

/** A loss along a straight line through very many variables, with the straight line that its slope foretells. */
export function alongFigure({ places, values, slope }: LossAlong, options: AlongOptions): Figure {
  const { loss, step = 1 / 255, along = 'every value moved along its sign, by so many 255ths' } = options;
  const x = places.map((place) => place / step);
  const here = values[x.findIndex((place) => Math.abs(place) < 1e-6)]!;
  const foretold = x.map((steps) => here + slope * step * steps);
  const back = values[x.findIndex((place) => Math.abs(place + 1) < 1e-6)];
  const [low, high] = rangeOf(values, 0.12);
  const name = loss.replace(/ \(.*/, '');
  // the straight line is drawn as far as it stays in the frame
  const straight = foretold.map((value) => (value >= low && value <= high ? value : null));
  const end = straight.reduce<number>((last, value, i) => (value === null ? last : i), 0);
  const below = Math.floor(0.65 * (x.length - 1)); // the curve's name stands below it here
  const label = { xref: 'x', yref: 'y', xanchor: 'right', font: { size: 13 } };
  return chart(options, {
    finding:
      back === undefined
        ? `${name} along a straight line, and what its slope foretells`
        : `One step against the slope takes ${name} from ${digits(Number(here.toFixed(2)))} to ` +
          `${digits(Number(back.toFixed(2)))}; its slope foretold ${digits(Number((here - slope * step).toFixed(2)))}`,
    says:
      `${loss} from ${digits(values[0]!)} at ${digits(x[0]!)} to ${digits(values.at(-1)!)} at ${digits(x.at(-1)!)} ` +
      `(${along}); ${digits(here)} at 0, where the slope is ${digits(slope * step)} for each.`,
    marks: [
      marks.line({ x, y: straight, color: palette.data, dash: 'dash' }),
      marks.line({ x, y: values, width: 3, hover: 'at %{x:.2f}<br>loss %{y:.3f}' }),
      marks.dots({ x: [0], y: [here], color: palette.start, size: 11, hover: 'the photo: %{y:.3f}' }),
      ...(back === undefined ? [] : [marks.dots({ x: [-1], y: [back], size: 11, hover: 'one step: %{y:.3f}' })]),
    ],
    height: 400,
    x: { title: along, range: [x[0]!, x.at(-1)!] },
    y: { title: loss, range: [low, high] },
    extra: {
      shapes: [marks.guide({ y: 0 }, { dash: 'dot', width: 1 })],
      annotations: [
        marks.note(
          'the photo',
          { ...label, x: 0, xshift: -6, y: here, yanchor: 'bottom', yshift: 3 },
          palette.series[1],
        ),
        ...(back === undefined
          ? []
          : [
              marks.note(
                'one step',
                { ...label, x: -1, xshift: -4, y: back, yanchor: 'bottom', yshift: 7 },
                palette.model,
              ),
            ]),
        marks.note(
          'the network',
          { ...label, x: x[below]!, y: values[below]!, xanchor: 'left', xshift: 12, yanchor: 'top' },
          palette.model,
        ),
        marks.note('what the slope foretells', {
          ...label,
          x: x[end]!,
          y: straight[end]!,
          yanchor: 'bottom',
          xshift: -14,
        }),
        marks.note('below 0:<br>the other answer', {
          xref: 'paper',
          x: 1,
          xanchor: 'right',
          align: 'right',
          yref: 'y',
          y: 0,
          yanchor: 'top',
        }),
      ],
    },
  });
}
