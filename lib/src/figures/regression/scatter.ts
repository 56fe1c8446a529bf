import type { Column } from '../../data';
import { axis, baseLayout, type Figure } from '../chart';
import { correlation } from '../../regression/exact';
import { digits, pointsTrace, rangeOf } from './traces';

/** The data as points. */
export function scatterFigure(x: Column, y: Column): Figure {
  const extent = (column: Column): string => {
    const [low, high] = rangeOf(column.values, 0);
    return `${column.name} from ${digits(low)} to ${digits(high)} ${column.unit ?? ''}`.trim();
  };
  return {
    name: 'data',
    description: `${finding(x, y)}. ${x.values.length} points: ${extent(x)}, ${extent(y)}.`,
    data: [{ ...pointsTrace(x, y), showlegend: false }],
    layout: {
      ...baseLayout({ title: finding(x, y) }),
      xaxis: axis({ title: x.name, unit: x.unit }),
      yaxis: axis({ title: y.name, unit: y.unit }),
    },
  };
}

/** What the points say: whether one rises or falls with the other, and how closely. */
function finding(x: Column, y: Column): string {
  const constant = [x, y].find(({ values }) => values.every((value) => value === values[0]));
  if (constant) return `${constant.name} is the same in all rows`;
  const r = correlation(x.values, y.values);
  if (Math.abs(r) < 0.1) return `${y.name} hardly depends on ${x.name} (correlation ${r.toFixed(2).replace('-', '−')})`;
  return `${y.name} ${r > 0 ? 'rises' : 'falls'} with ${x.name} (correlation ${r.toFixed(2).replace('-', '−')})`;
}
