import type { Column } from '../../data';
import { axis, baseLayout, type Figure } from '../../plot';
import { digits, pointsTrace, rangeOf } from './traces';

/** The data as points. */
export function scatterFigure(x: Column, y: Column): Figure {
  const extent = (column: Column): string => {
    const [low, high] = rangeOf(column.values, 0);
    return `${column.name} from ${digits(low)} to ${digits(high)} ${column.unit ?? ''}`.trim();
  };
  return {
    name: 'data',
    description: `${x.values.length} points: ${extent(x)}, ${extent(y)}.`,
    data: [{ ...pointsTrace(x, y), showlegend: false }],
    layout: {
      ...baseLayout({ title: `${y.name} against ${x.name}, ${x.values.length} rows` }),
      xaxis: axis({ title: x.name, unit: x.unit }), yaxis: axis({ title: y.name, unit: y.unit }),
    },
  };
}
