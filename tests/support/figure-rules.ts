// What every figure of a notebook has to be like, so that it speaks at a glance: each rule says what is wrong with one.
import { wcagContrast } from 'culori';
import { palette, type Json, type JsonObject } from '../../lib/src/figures';
import { TWINS } from '../../lib/src/figures/chart/dark';
import type { FigureOutput } from '../../publish/src/notebooks/figure-outputs';

/** A rule: what is wrong, in words; nothing where all is well. */
type Rule = (figure: FigureOutput) => string[];

const partOf = (value: unknown): JsonObject => (value ?? {}) as JsonObject;
const titleOf = (part: JsonObject): string => (partOf(part['title'])['text'] ?? '') as string;

/** All values under a key, at any depth; what a picture is made of apart. */
export function* valuesOf(value: unknown, wanted: RegExp, key = ''): Generator<unknown> {
  if (wanted.test(key)) yield value;
  if (key === 'source' || value === null || typeof value !== 'object') return;
  for (const [name, part] of Object.entries(value)) yield* valuesOf(part, wanted, Array.isArray(value) ? key : name);
}

/** A unit that has to stand with a quantity. */
const UNITS: [quantity: RegExp, unit: RegExp][] = [
  [/\bangle\b/i, /\((°|rad)\)|\(%\)/],
  [/\bprobability\b|\bshare\b/i, /\(%\)/],
  [/^height\b/i, /\(in\)/],
  [/^weight\b/i, /\(lb\)/],
  [/^slope\b/i, /\(lb\/in\)|\(normalised\)|^slope$/],
  [/^an iteration$/i, /\(ms\)/],
];

const allowed = new Set(
  Object.values(palette)
    .flat(3)
    .filter((part) => typeof part === 'string'),
);
const isColour = (text: string): boolean => /^(#[0-9a-f]{3,8}|rgba?\(.*|hsl.*|[a-z]+)$/i.test(text);

/** The axes of a figure that can be seen, by name, and those of the panels around each. */
function axesOf({ payload: { layout } }: FigureOutput): [name: string, axis: JsonObject][] {
  return Object.entries(layout)
    .filter(([name, axis]) => /^[xy]axis\d*$/.test(name) && partOf(axis)['visible'] !== false)
    .map(([name, axis]) => [name, partOf(axis)]);
}

/** The axes that traces in the plane are drawn on and that the layout lacks: Plotly makes them, bare, and over others. */
const lackedBy = ({ payload: { data, layout } }: FigureOutput): string[] => {
  const flat = data.filter(({ type }) => !/3d$|^surface$/.test((type ?? '') as string));
  const used = flat.flatMap(({ xaxis = 'x', yaxis = 'y' }) => [xaxis, yaxis] as string[]);
  return [...new Set(used.map((axis) => axis.replace(/^[xy]/, '$&axis')))].filter((name) => !(name in layout));
};

/** The axes in space that can be seen. */
const axesOf3D = (layout: JsonObject): [name: string, axis: JsonObject][] =>
  Object.entries(partOf(layout['scene']))
    .filter(([name, axis]) => name.endsWith('axis') && partOf(axis)['visible'] !== false)
    .map(([name, axis]) => [name, partOf(axis)]);

/** Whether a reader knows what an axis shows: by its title, that of its row or column, its panel's heading, or names. */
function speaks(figure: FigureOutput, name: string, axis: JsonObject): boolean {
  const { data, layout } = figure.payload;
  const start = (part: JsonObject): number => ((part['domain'] ?? [0, 1]) as [number, number])[0];
  const row = axesOf(figure).filter(([other, part]) => other[0] === name[0] && start(part) === start(axis));
  if (row.some(([, part]) => titleOf(part))) return true;
  const [from, to] = (partOf(layout[name.replace('y', 'x')])['domain'] ?? [0, 1]) as [number, number];
  const headings = ((layout['annotations'] ?? []) as JsonObject[]).filter(
    ({ yanchor, yref }) => yanchor === 'bottom' && yref === 'paper',
  );
  if (headings.some(({ x }) => Number(x) >= from && Number(x) <= to)) return true;
  const values = data
    .filter((trace) => (trace[`${name[0]}axis`] ?? name[0]) === name.replace('axis', ''))
    .map((trace) => trace[name[0]!] as unknown[] | undefined);
  return values.some((list) => typeof list?.[0] === 'string');
}

/** The parts of a trace that are drawn and have no colour, which Plotly then gives them out of its own list. */
function colourless(trace: JsonObject): string[] {
  const { type = 'scatter', mode = 'lines+markers', visible } = trace as Record<'type' | 'mode' | 'visible', string>;
  const [line, marker] = [partOf(trace['line']), partOf(trace['marker'])];
  const edge = partOf(marker['line']);
  const has = (part: string): boolean => type.startsWith('scatter') && mode.includes(part);
  const isOpen = /-open$/.test(marker['symbol'] as string); // its edge has the marker's own colour
  const bare: Record<string, boolean> = {
    line: (has('lines') || type === 'contour') && line['width'] !== 0 && !line['color'],
    marker: (has('markers') || type === 'bar') && !marker['color'] && !line['color'], // dots take their line's
    'marker.line': Number(edge['width'] ?? 0) > 0 && !edge['color'] && !isOpen,
  };
  return Object.keys(bare).filter((part) => bare[part] && (visible as unknown) !== false);
}

/** The least contrast of words to what is behind them: WCAG's, level AA. */
const READABLE = 4.5;
const themes: Record<string, (colour: string) => string> = {
  light: (colour) => colour,
  dark: (colour) => (TWINS[colour] ?? colour) as string,
};

/** The words of a part of a figure, by their colours, that cannot be read on their ground, in either theme. */
const unreadable = (words: Json | undefined, ground: Json | undefined): string[] =>
  [words]
    .flat()
    .filter((colour) => typeof colour === 'string')
    .flatMap((colour) =>
      Object.entries(themes).flatMap(([theme, of]) =>
        [ground].flat().flatMap((behind) => {
          const contrast = wcagContrast(of(colour), of(behind as string));
          return contrast < READABLE ? [`words in ${colour}, ${theme}: ${contrast.toFixed(1)} to 1`] : [];
        }),
      ),
    );

export const figureRules: Record<string, Rule> = {
  'its title says a finding': ({ payload: { layout } }) => {
    const words = titleOf(layout).replace(/<br>/g, ' ').split(/\s+/).filter(Boolean).length;
    return words < 5 ? [`the title "${titleOf(layout)}" has ${words} words`] : [];
  },

  'its title fits a narrow window': ({ payload: { layout } }) =>
    titleOf(layout)
      .split('<br>')
      .filter((line) => line.length > 55)
      .map((line) => `the line "${line}" is too long`),

  'its axes have titles': (figure) => [
    ...lackedBy(figure).map((name) => `traces are drawn on ${name}, which the layout lacks`),
    ...axesOf(figure)
      .filter(([name, axis]) => !speaks(figure, name, axis))
      .map(([name]) => `${name} has no title`),
  ],

  'quantities have units': (figure) =>
    axesOf(figure).flatMap(([, axis]) =>
      UNITS.filter(([quantity, unit]) => quantity.test(titleOf(axis)) && !unit.test(titleOf(axis))).map(
        () => `the axis "${titleOf(axis)}" has no unit`,
      ),
    ),

  'its text alternative says what it shows': ({ description }) => [
    ...(description.length < 60 ? [`"${description}" is too short`] : []),
    ...(/[.!?]$/.test(description) ? [] : [`"...${description.slice(-30)}" is no whole sentence`]),
    ...(/\b(undefined|NaN|null|Infinity)\b/.test(description) ? [`"${description}" has a hole`] : []),
  ],

  "its colours are the palette's": ({ payload: { data, layout, frames } }) => {
    const named = /^(.*color|colorscale|bgcolor)$/;
    const used = [...valuesOf({ data, layout, frames }, named)]
      .flat(3)
      .filter((value): value is string => typeof value === 'string' && isColour(value));
    return [...new Set(used)]
      .filter((colour) => !allowed.has(colour))
      .map((colour) => `${colour} is not in the palette`);
  },

  'its words can be read, in both themes': ({ payload: { data, layout } }) => {
    const { brightness, onScale, paper } = palette;
    const onTraces = data.flatMap(({ type, textfont, marker, textposition }) => {
      const { color } = partOf(textfont);
      if (color === onScale) return unreadable(onScale, type === 'heatmap' ? brightness.map(([, end]) => end) : []);
      return unreadable(color, type === 'bar' && textposition === 'inside' ? partOf(marker)['color'] : paper);
    });
    const inLayout = [...valuesOf(layout, /font$/)].flatMap((font) => unreadable(partOf(font)['color'], paper));
    return [...new Set([...onTraces, ...inLayout])];
  },

  'what is drawn has a colour': ({ payload: { data, layout } }) => [
    ...data.flatMap((trace) =>
      colourless(trace).map(
        (part) => `the trace ${(trace['name'] ?? 'without a name') as string} has no ${part}.color`,
      ),
    ),
    ...((layout['shapes'] ?? []) as JsonObject[])
      .map(({ line }) => partOf(line))
      .filter(({ color, width }) => !color && width !== 0)
      .map(() => 'a shape has no line.color'),
  ],

  'its paper is opaque': ({ payload: { layout } }) =>
    ['paper_bgcolor', 'plot_bgcolor']
      .filter((key) => layout[key] !== palette.paper)
      .map((key) => `${key} is ${JSON.stringify(layout[key])}`),

  'it follows the window': ({ payload: { layout } }) => {
    const height = Number(layout['height']);
    return [
      ...(layout['autosize'] === true && layout['width'] === undefined ? [] : ['its width is fixed']),
      ...(height >= 280 && height <= 920 ? [] : [`it is ${height} pixels high`]),
    ];
  },

  'its letters are large enough': ({ payload: { data, layout } }) =>
    [...valuesOf({ data, layout }, /^(.*font)$/)]
      .map((font) => Number(partOf(font)['size'] ?? 13))
      .filter((size) => size < 10)
      .map((size) => `letters of ${size} pixels`),

  'what it says to the mouse has names and units': ({ payload: { data, layout } }) => [
    ...data
      .filter(({ hoverinfo }) => hoverinfo !== 'skip' && hoverinfo !== 'none')
      .flatMap((trace) => {
        const { name, hovertemplate = '' } = trace as { name?: string; hovertemplate?: string };
        const [told = '', named] = hovertemplate.split('<extra>'); // without it Plotly adds a name, or 'trace 3'
        return named !== undefined && /[a-z°%]/i.test(told.replace(/%\{.*?\}/g, ''))
          ? []
          : [`the trace ${name ?? 'without a name'} says "${hovertemplate}"`];
      }),
    ...axesOf3D(layout)
      .filter(([, axis]) => axis['showspikes'] !== false)
      .map(([name]) => `${name} shows spikes`),
  ],

  'its animation waits for the reader': ({ payload: { layout, frames } }) => {
    if (!frames?.length) return [];
    const [menu] = (layout['updatemenus'] ?? []) as { buttons: { label: string }[] }[];
    const [slider] = (layout['sliders'] ?? []) as { steps: object[] }[];
    const labels = (menu?.buttons ?? []).map(({ label }) => label).join();
    return [
      ...(labels === 'Play,Slow,Loop,Pause' ? [] : [`its buttons are "${labels}"`]),
      ...(slider?.steps.length === frames.length ? [] : ['its slider does not reach every frame']),
    ];
  },
};

/** What each name is drawn in: a reader learns a colour once. Names to the colours and figures that draw them. */
export function coloursByName(figures: FigureOutput[]): Map<string, Map<string, string[]>> {
  const names = new Map<string, Map<string, string[]>>();
  for (const { name: figure, payload } of figures) {
    for (const trace of payload.data) {
      const [line, marker] = [partOf(trace['line']), partOf(trace['marker'])];
      const colour = line['color'] ?? partOf(marker['line'])['color'] ?? marker['color'];
      if (typeof trace['name'] !== 'string' || typeof colour !== 'string' || colour === palette.paper) continue;
      const name = trace['name'].replace(/, [\d.]+$/, ''); // an optimiser's rate
      const colours = names.get(name) ?? new Map<string, string[]>();
      names.set(name, colours.set(colour, [...(colours.get(colour) ?? []), figure!]));
    }
  }
  return names;
}
