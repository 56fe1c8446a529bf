// The same chart on dark paper: in the library, in pages and in JupyterLab, which take its text.
import type { Figure, Json, JsonObject } from './figure';
import { HALO, palette } from './palette';

type Drawn = { data: JsonObject[]; layout: JsonObject; frames?: Figure['frames'] };

const paper = '#14171b';
const [text, grid, muted] = ['#e4e7eb', '#2c323a', '#6b7280'];

/**
 * What each colour of the palette is on dark paper: searched for as the light ones were. Colour scales stay, but for the
 * grey one, whose end is the paper: what was darkest on white is lightest here.
 */
export const TWINS: Readonly<Record<string, Json>> = {
  [palette.paper]: paper,
  [HALO]: HALO.replaceAll(palette.paper, paper),
  [palette.text]: text,
  [palette.grid]: grid,
  [palette.muted]: muted,
  [palette.shade]: '#262b32',
  [palette.data]: '#a8acb5',
  [palette.model]: '#3ca4ee',
  [palette.optimum]: '#9cdfa9',
  [palette.start]: '#f5923a',
  [palette.warning]: '#d85a70',
  [palette.series[1]!]: '#f5923a',
  [palette.series[3]!]: '#b66891',
  [palette.series[4]!]: '#7b8562',
  [palette.series[5]!]: '#2a7bff',
  [palette.series[6]!]: '#c6ceff',
  [palette.series[7]!]: '#bbb6c2',
  [palette.grey]: [
    [0, text],
    [1, paper],
  ],
};

/** What Plotly draws in a light colour of its own where a figure names none. */
const axis = { color: text, gridcolor: grid, linecolor: muted, zerolinecolor: muted };
const DEFAULTS: JsonObject = {
  layout: {
    font: { color: text },
    paper_bgcolor: paper,
    plot_bgcolor: paper,
    xaxis: axis,
    yaxis: axis,
    scene: { xaxis: axis, yaxis: axis, zaxis: axis },
    sliderdefaults: { bgcolor: grid, activebgcolor: muted },
  },
};

/** A chart with other colours in place of those in a table, in all its parts but pictures. */
function recoloured<T extends Drawn>(drawn: T, twins: Readonly<Record<string, Json>>, template: JsonObject): T {
  const change = (value: Json | undefined, key: string): Json | undefined => {
    if (typeof value === 'string')
      return key === 'source'
        ? value
        : (twins[value] ?? value.replace(/(?<=color:)#\w{6}/g, (colour) => (twins[colour] as string) ?? colour));
    if (Array.isArray(value)) return value.map((item) => (typeof item === 'number' ? item : change(item, key)!));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
  };
  const { data, layout, frames, ...rest } = drawn;
  const parts = change({ data, layout, ...(frames && { frames }) }, '') as unknown as Drawn;
  return { ...(rest as T), ...parts, layout: { template, ...parts.layout } };
}

/** A chart on dark paper, each colour of the palette by its dark twin; photos and colour scales as they are. */
export const darkened = <T extends Drawn>(drawn: T): T => recoloured(drawn, TWINS, DEFAULTS);

/** `darkened` as an expression, for pages; esbuild marks functions by a helper that pages have not. */
export const darkenedText =
  `((__name) => { const recoloured = ${recoloured.toString()}; const [twins, template] = ` +
  `${JSON.stringify([TWINS, DEFAULTS])}; return (drawn) => recoloured(drawn, twins, template); })((named) => named)`;
