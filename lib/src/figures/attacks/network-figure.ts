import { axis, baseLayout, palette, roundNumber, type Figure } from '../chart';

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
export function networkFigure({
  name,
  title,
  layers,
}: {
  name: string;
  title: string;
  layers: readonly LayerSize[];
}): Figure {
  const sizes = layers.map(({ output }) => output.join('×'));
  const parameters = layers.map((layer) => layer.parameters);
  const total = parameters.reduce((sum, count) => sum + count, 0);
  const largest = Math.max(...parameters);
  const english = (count: number): string => count.toLocaleString('en-GB');
  const share = (count: number): string => (count === largest ? `, ${roundNumber((100 * count) / total, 3)} %` : '');
  return {
    name,
    description:
      `A network of ${layers.length} layers and ${english(total)} parameters. ` +
      layers
        .map(
          (layer, i) => `${layer.name}: ${sizes[i]}, ${english(layer.parameters)} parameters${share(layer.parameters)}`,
        )
        .join('; ') +
      '.',
    data: [
      {
        type: 'bar',
        orientation: 'h',
        x: parameters,
        y: layers.map((layer, i) => `${i + 1}. ${layer.name}, ${sizes[i]}`),
        text: parameters.map((count) => (count === 0 ? '–' : english(count) + share(count))),
        // Beside the largest bar is no room, and inside the others none.
        textposition: parameters.map((count) => (count === largest ? 'inside' : 'outside')),
        insidetextanchor: 'end',
        cliponaxis: false,
        textfont: { size: 11 },
        insidetextfont: { size: 11, color: palette.paper },
        marker: { color: palette.model },
        hoverinfo: 'none',
      },
    ],
    layout: {
      ...baseLayout({ title, height: 128 + 24 * layers.length }),
      xaxis: axis({ title: 'weights', range: [0, 1.05 * largest], extra: { tickformat: '~s' } }),
      yaxis: axis({
        title: 'layer, and the size of what it hands on',
        extra: { autorange: 'reversed', ticks: '', tickfont: { size: 11 } },
      }),
    },
  };
}
