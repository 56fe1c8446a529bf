import { axis, baseLayout, palette, panelAxes, panels, roundNumber, type Figure } from '../../plot';

/** A layer of a network: how large its output is for one photo, and how many weights it has. */
export interface LayerSize {
  /** The layer's kind. */
  name: string;
  /** Without the batch: [height, width, channels], or [units]. */
  output: readonly number[];
  /** How many weights it has. */
  parameters: number;
}

/** A network's layers from the photo (top) to the answer: how many numbers each hands on, and where the weights sit. */
export function networkFigure({ name, title, layers }: { name: string; title: string;
  layers: readonly LayerSize[] }): Figure {
  const names = layers.map((layer, i) => `${i + 1}. ${layer.name}`);
  const values = layers.map(({ output }) => output.reduce((product, size) => product * size, 1));
  const parameters = layers.map((layer) => layer.parameters);
  const total = parameters.reduce((sum, count) => sum + count, 0);
  const english = (count: number): string => count.toLocaleString('en-GB');
  const bars = (panel: number, x: number[], color: string, text: string[]) =>
    ({ type: 'bar', orientation: 'h', x, y: names, text,
    textposition: 'outside', cliponaxis: false, textfont: { size: 11 }, marker: { color }, ...panelAxes(panel), hoverinfo: 'none' });
  const largest = Math.max(...parameters);
  // Bars on a logarithmic axis hide how much larger the largest is.
  const share = `${roundNumber(100 * largest / total, 3)} % in layer ${parameters.indexOf(largest) + 1}`;
  return {
    name,
    description: `A network of ${layers.length} layers and ${english(total)} parameters. ` +
      layers.map((layer) => `${layer.name}: ${layer.output.join('×')}, ${english(layer.parameters)} parameters`).join(
        '; ') + '.',
    data: [
      bars(0, values, palette.data, layers.map(({ output }) => output.join('×'))),
      bars(1, parameters.map((count) => Math.max(count, 1)), palette.model,
        parameters.map((count) => (count === 0 ? '–' : english(count)))),
    ],
    layout: {
      ...baseLayout({ title, height: 128 + 26 * layers.length, headings: 2 }),
      ...panels({ columns: 2, gapX: 0.08, panels: [
        { title: 'numbers handed on (log)', x: axis({ title: '', log: true, range: [1, 300 * Math.max(...values)] }),
          y: axis({ title: '', extra: { autorange: 'reversed', ticks: '', tickfont: { size: 11 } } }) },
        { title: `weights (log)<br>${share}`, x: axis({ title: '', log: true, range: [1, 500 * largest] }),
          y: axis({ title: '', extra: { autorange: 'reversed', ticks: '', showticklabels: false } }) }] }),
    },
  };
}
