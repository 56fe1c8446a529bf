import { axis, baseLayout, palette, panelAxes, panels, round, seriesColor, type Figure, type JsonObject } from '../../plot';

/** One number of points on the sphere, as in data/spread-sphere.csv; angles in degrees. */
export interface SphereRow { vectors: number; minAngle: number; bestKnown: number; starts: number; startsAtBestKnown: number }

/** How close the best of many starts comes to the best known angle, and how many starts come there, for each N. */
export function sphereTableFigure(rows: SphereRow[]): Figure {
  const gaps = rows.map((row) => Math.max(1e-6, row.bestKnown - row.minAngle)), n = rows.map((row) => row.vectors);
  const share = rows.map((row) => 100 * row.startsAtBestKnown / row.starts);
  const worst = Math.max(...gaps);
  const goal = [[Math.min(...n), 0.002], [24.5, 0.002], [24.5, 0.02], [Math.max(...n), 0.02]];
  return {
    name: 'spread-sphere-table',
    description: `For ${n[0]!} to ${n.at(-1)!} points on the sphere the least angle found is within ${worst.toFixed(4)} degrees of the ` +
      'best known. Below: how many of the starts came that close.',
    data: [
      { type: 'scatter', mode: 'markers', x: n, y: round(gaps), marker: { color: palette.model, size: 8 }, name: 'found', ...panelAxes(0) },
      { type: 'scatter', mode: 'lines', x: goal.map(([x]) => x!), y: goal.map(([, y]) => y!), line: { color: palette.optimum, dash: 'dot' },
        name: 'goal', ...panelAxes(0) },
      { type: 'bar', x: n, y: round(share), marker: { color: palette.model }, showlegend: false, ...panelAxes(1) },
    ],
    layout: {
      ...baseLayout({ title: `Every best known packing up to ${n.at(-1)!} points, to ${worst.toFixed(4)}°`, legend: true, height: 520 }),
      ...panels({ columns: 1, gapY: 0.14, panels: [
        { x: axis({ title: '' }), y: axis({ title: 'below the best known', unit: '°', log: true, range: [5e-7, 0.1] }) },
        { x: axis({ title: 'points on the sphere' }), y: axis({ title: 'starts that reach it', unit: '%', range: [0, 105] }) },
      ] }),
    },
  };
}

/** A famous configuration and a way to look for it, as in data/spread-famous.csv. */
export interface FamousRow { name: string; vectors: number; dimensions: number; method: string; starts: number; found: number }

/** How often each famous configuration is found, by way of looking for it. */
export function famousFigure(rows: FamousRow[]): Figure {
  const methods = [...new Set(rows.map((row) => row.method))];
  const share = (row: FamousRow): number => 100 * row.found / row.starts;
  const never = rows.filter((row) => !rows.some((other) => other.name === row.name && other.found > 0)).map((row) => row.name);
  return {
    name: 'spread-famous',
    description: `${rows.map((row) => `${row.name} (${row.vectors} in ${row.dimensions}-D), ${row.method}: ${row.found} of ${row.starts}`).join('; ')}.`,
    data: methods.map((method, i) => {
      const some = rows.filter((row) => row.method === method);
      return { type: 'bar', orientation: 'h', name: method === 'best' ? 'annealed' : 'electric energy alone',
        marker: { color: seriesColor(i) }, x: round(some.map(share)),
        y: some.map((row) => `${row.name}, ${row.vectors} in ${row.dimensions}-D`),
        text: some.map((row) => `${row.found} of ${row.starts}`), textposition: 'outside', cliponaxis: false };
    }),
    layout: {
      ...baseLayout({ title: never.length === 0 ? 'All famous configurations are found from random starts' :
        `Not found: ${[...new Set(never)].join(', ')}`, legend: true, height: 560 }),
      barmode: 'group', xaxis: axis({ title: 'starts that end in it', unit: '%', range: [0, 118] }),
      yaxis: axis({ title: '', extra: { autorange: 'reversed', automargin: true } }),
    },
  };
}

/** Where one loss ends, on average over seeds, as in data/spread-losses.csv; angles in degrees. */
export interface LossRow { vectors: number; dimensions: number; loss: string; mean: number; bestKnown: number }

/** What share of the best known angle each of the article's losses reaches, one group of bars for each case. */
export function lossShareFigure(rows: LossRow[], { name, title, groups }: { name: string; title: string; groups: 'dimensions' | 'vectors' }): Figure {
  const losses = [...new Set(rows.map((row) => row.loss))];
  return {
    name, description: `${rows.map((row) => `${row.vectors} in ${row.dimensions}-D, ${row.loss}: ${row.mean.toFixed(1)} of ` +
      `${row.bestKnown.toFixed(1)} degrees`).join('; ')}.`,
    data: losses.map((loss, i): JsonObject => {
      const some = rows.filter((row) => row.loss === loss).sort((a, b) => a[groups] - b[groups]);
      return { type: 'bar', name: loss, marker: { color: seriesColor(i) },
        x: some.map((row) => (groups === 'dimensions' ? `${row.dimensions} dimensions` : String(row.vectors))),
        y: round(some.map((row) => 100 * row.mean / row.bestKnown)),
        ...(groups === 'dimensions' && { text: some.map((row) => `${row.mean.toFixed(1)}°`), textposition: 'outside', cliponaxis: false }) };
    }),
    layout: {
      ...baseLayout({ title, legend: true }), barmode: 'group',
      xaxis: axis({ title: groups === 'dimensions' ? '' : 'points on the sphere', extra: { type: 'category' } }),
      yaxis: axis({ title: 'least angle, share of the best known', unit: '%', range: [0, 112] }),
    },
  };
}

/** The time of one iteration, as in data/spread-costs.csv. */
export interface CostRow { loss: string; vectors: number; dimensions: number; milliseconds: number }

/** Milliseconds for an iteration against the number of vectors, a panel for each loss and a line for each dimension. */
export function costFigure(rows: CostRow[]): Figure {
  const losses = [...new Set(rows.map((row) => row.loss))], dimensions = [...new Set(rows.map((row) => row.dimensions))];
  const times = rows.map((row) => row.milliseconds), counts = rows.map((row) => row.vectors);
  const rangeY: [number, number] = [Math.min(...times) / 1.5, Math.max(...times) * 1.5];
  const rangeX: [number, number] = [Math.min(...counts) / 1.3, Math.max(...counts) * 1.3];
  return {
    name: 'spread-costs',
    description: `Time of one iteration for ${Math.min(...counts)} to ${Math.max(...counts)} vectors, from ${Math.min(...times)} to ` +
      `${Math.max(...times)} milliseconds: flat while each operation's fixed cost rules, then with the square of the number of vectors.`,
    data: losses.flatMap((loss, i) => dimensions.map((d, k): JsonObject => {
      const some = rows.filter((row) => row.loss === loss && row.dimensions === d);
      return { type: 'scatter', mode: 'lines+markers', x: some.map((row) => row.vectors), y: some.map((row) => row.milliseconds),
        line: { color: seriesColor(k) }, name: `${d} dimensions`, showlegend: i === 0, ...panelAxes(i) };
    })),
    layout: {
      ...baseLayout({ title: 'The cost: flat up to about a hundred vectors, then it grows with their square', legend: true, height: 420 }),
      ...panels({ columns: losses.length, gapX: 0.08, panels: losses.map((loss, i) => ({
        x: axis({ title: 'vectors', log: true, range: rangeX }), title: loss,
        y: axis({ title: i === 0 ? 'an iteration' : '', unit: i === 0 ? 'ms' : undefined, log: true, range: rangeY }),
      })) }),
    },
  };
}

/** The least angles that several seeds end with under one loss, degrees, and the median of the article's own ten. */
export interface Ends { loss: string; minAngles: number[]; articleMedian: number }

/** Where ten seeds end under each loss: a dot for each, and the article's median as a line. */
export function endsFigure(groups: Ends[], bestDegrees: number): Figure {
  return {
    name: 'spread-ends',
    description: `${groups.map(({ loss, minAngles, articleMedian }) => `${loss}: ${Math.min(...minAngles).toFixed(1)} to ` +
      `${Math.max(...minAngles).toFixed(1)} degrees, article's median ${articleMedian}`).join('; ')}.`,
    data: [
      { type: 'scatter', mode: 'markers', name: 'a seed', x: groups.flatMap(({ loss, minAngles }) => minAngles.map(() => loss)),
        y: round(groups.flatMap(({ minAngles }) => minAngles)), marker: { color: palette.model, size: 9, opacity: 0.6 } },
      { type: 'scatter', mode: 'markers', name: 'median of the article\'s ten', x: groups.map(({ loss }) => loss),
        y: groups.map(({ articleMedian }) => articleMedian), marker: { color: palette.start, symbol: 'line-ew-open', size: 34, line: { width: 3 } } },
      { type: 'scatter', mode: 'lines', name: 'optimum', x: groups.map(({ loss }) => loss), y: groups.map(() => bestDegrees),
        line: { color: palette.optimum, dash: 'dot' } },
    ],
    layout: {
      ...baseLayout({ title: `None of the article's losses brings 20 vectors to ${bestDegrees}°`, legend: true, height: 420 }),
      xaxis: axis({ title: '', extra: { type: 'category' } }), yaxis: axis({ title: 'least angle at the end', unit: '°', range: [10, 19] }),
    },
  };
}
