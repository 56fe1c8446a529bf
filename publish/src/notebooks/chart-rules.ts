// What a chart in a committed notebook has to have: a name of its own, a text alternative, a small still.
import { figuresOf, type FigureOutput } from './figure-outputs';
import type { Notebook } from './notebook';
import { limits, type Problem } from './rules';

/** What is wrong with a chart's name, which is also that of its files. */
export const nameProblems = ({ cell, name }: FigureOutput): Problem[] =>
  /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name ?? '')
    ? []
    : [{ cell, what: 'shows a chart without a name in kebab case (layout.meta.name)' }];

/** What is wrong with a notebook's charts, the first thing of each. */
export function chartProblems(notebook: Notebook): Problem[] {
  const seen = new Set<string>();
  return figuresOf(notebook).flatMap((figure): Problem[] => {
    const { cell, name = '', description, png } = figure;
    const problem = (what: string): Problem[] => [{ cell, what }];
    const misnamed = nameProblems(figure);
    if (misnamed.length) return misnamed;
    if (seen.has(name)) return problem(`shows a second chart named ${name}`);
    seen.add(name);
    if (!description) return problem(`shows the chart ${name} without a text alternative`);
    if (!png) return problem(`shows the chart ${name} without a static image: GitHub would show nothing`);
    if (png.length <= limits.image) return [];
    return problem(`shows the chart ${name} with an image of ${png.length} bytes; at most ${limits.image}`);
  });
}
