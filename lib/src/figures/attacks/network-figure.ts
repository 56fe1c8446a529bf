import { chart, marks, palette, type Figure, type FigureOptions } from '../chart';
import { share } from '../chart/words';

/** A layer of a network: how large its output is for one photo, and how many weights it has. */
export interface LayerSize {
  /** The layer's kind. */
  name: string;
  /** Without the batch: [height, width, channels], or [units]. */
  output: readonly number[];
  /** How many weights it has. */
  parameters: number;
}

/** A network's layers from the photo (top) to the answer, with the size of what each hands on: where the weights sit. */
export function networkFigure(layers: readonly LayerSize[], options: FigureOptions): Figure {
  const sizes = layers.map(({ output }) => output.join('×'));
  const parameters = layers.map((layer) => layer.parameters);
  const total = parameters.reduce((sum, count) => sum + count, 0);
  const largest = Math.max(...parameters);
  const english = (count: number): string => count.toLocaleString('en-GB');
  const part = (count: number): string => (count === largest ? `, ${share(count / total)}` : '');
  const told = layers.map(
    (layer, i) => `${layer.name}: ${sizes[i]}, ${english(layer.parameters)} parameters${part(layer.parameters)}`,
  );
  return chart(options, {
    says: `A network of ${layers.length} layers and ${english(total)} parameters. ${told.join('; ')}.`,
    marks: [
      marks.bars({
        lying: true,
        x: parameters,
        y: layers.map((layer, i) => `${i + 1}. ${layer.name}, ${sizes[i]}`),
        labels: parameters.map((count) => (count === 0 ? '–' : english(count) + part(count))),
        extra: {
          // Beside the largest bar is no room, and inside the others none.
          textposition: parameters.map((count) => (count === largest ? 'inside' : 'outside')),
          insidetextanchor: 'end',
          textfont: { size: 11 },
          insidetextfont: { size: 11, color: palette.paper },
        },
      }),
    ],
    height: 128 + 24 * layers.length,
    x: { title: 'weights', range: [0, 1.05 * largest], extra: { tickformat: '~s' } },
    y: {
      title: 'layer, and the size of what it hands on',
      extra: { autorange: 'reversed', ticks: '', tickfont: { size: 11 } },
    },
  });
}
