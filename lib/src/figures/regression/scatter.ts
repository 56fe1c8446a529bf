import type { Column } from '../../data';
import { chart, type Figure, type FindingOptions } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import { correlation } from '../../regression/exact';
import { pointsMark, type XY } from './traces';

/** The data as points. Its title says whether one column rises or falls with the other, unless one is given. */
export function scatterFigure({ x, y }: XY, options: FindingOptions): Figure {
  const title = options.title ?? finding(x, y);
  const extent = ({ name, unit = '', values }: Column): string => {
    const [low, high] = rangeOf(values);
    return `${name} from ${digits(low)} to ${digits(high)} ${unit}`.trim();
  };
  return chart(options, {
    finding: title,
    says: `${title}. ${x.values.length} points: ${extent(x)}, ${extent(y)}.`,
    marks: [pointsMark({ x, y })],
    x: { title: x.name, unit: x.unit },
    y: { title: y.name, unit: y.unit },
  });
}

/** What the points say: whether one rises or falls with the other, and how closely. */
function finding(x: Column, y: Column): string {
  const constant = [x, y].find(({ values }) => values.every((value) => value === values[0]));
  if (constant) return `${constant.name} is the same in all rows`;
  const r = correlation(x.values, y.values);
  if (Math.abs(r) < 0.1) return `${y.name} hardly depends on ${x.name} (correlation ${r.toFixed(2).replace('-', '−')})`;
  return `${y.name} ${r > 0 ? 'rises' : 'falls'} with ${x.name} (correlation ${r.toFixed(2).replace('-', '−')})`;
}
