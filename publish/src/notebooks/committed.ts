// Whether a notebook as it lies in the project is what `npm run figures` would leave there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figureHash, sha256 } from 'descent-lab/internal';
import { checkNotebook } from './check';
import { committedForm, serialise } from './committed-form';
import { figuresOf } from './figure-outputs';
import { madeFrom, type MadeFrom } from './made-from';
import { hasNotebook, readManifest } from './manifest';
import { readNotebook, type Notebook } from './notebook';
import type { Project } from './project';
import { describeProblem } from './report';
import type { Problem } from './rules';

/** One thing that is wrong with a committed notebook, or several, and the command that mends it. */
export interface Finding {
  notebook: string;
  text: string;
}

const changed: Record<keyof MadeFrom, string> = {
  code: 'its code was changed since it was executed',
  library: 'the library was changed since it was executed (comments, types and formatting do not count)',
  data: 'its data were changed since it was executed',
};

/** Whether the outputs are those of the source as it is now. */
function staleProblems(notebook: Notebook, now: MadeFrom): Problem[] {
  const then = notebook.metadata['made_from'] as Partial<MadeFrom> | undefined;
  if (!then) return [{ what: 'does not say what it was made from (metadata.made_from)' }];
  return (Object.keys(changed) as (keyof MadeFrom)[])
    .filter((part) => then[part] !== now[part])
    .map((part) => ({ what: changed[part] }));
}

/** Whether figures/manifest.json knows the charts, as they are, and no others of the notebook. */
function manifestProblems(project: Project, name: string, notebook: Notebook): Problem[] {
  const manifest = readManifest(project);
  const charts = figuresOf(notebook);
  const undrawn = Object.keys(manifest)
    .filter((chart) => manifest[chart]!.notebook === name && !charts.some((drawn) => drawn.name === chart))
    .map((chart) => ({ what: `does not draw the chart ${chart}, which figures/manifest.json has of it` }));
  const unknown = charts
    .filter(({ name, payload, png }) => {
      const known = manifest[name ?? ''];
      return known?.data !== figureHash(payload) || (png && known.png !== sha256(png));
    })
    .map(({ cell, name }) => ({ cell, what: `figures/manifest.json does not know the chart ${name} as it is` }));
  return [...unknown, ...undrawn];
}

/** What is wrong with one notebook as it lies in the project. */
export async function committedProblems(project: Project, name: string): Promise<Problem[]> {
  const file = join(project.notebooks, `${name}.ipynb`);
  const notebook = readNotebook(file);
  const now = await madeFrom(notebook);
  const then = notebook.metadata['made_from'] as MadeFrom | undefined;
  const isTidy = readFileSync(file, 'utf8') === serialise(committedForm(notebook, notebook, then));
  return [
    ...checkNotebook(notebook, { ownPaths: [project.root] }),
    ...staleProblems(notebook, now),
    ...manifestProblems(project, name, notebook),
    ...(isTidy ? [] : [{ what: 'was saved by an editor: its form or its metadata are not those of a run' }]),
  ];
}

/** The entries of figures/manifest.json whose notebook is not there. */
const lostEntries = (project: Project): Finding[] =>
  Object.entries(readManifest(project))
    .filter(([, entry]) => !hasNotebook(project, entry))
    .map(([chart, { notebook }]) => ({
      notebook,
      text: `${notebook}.ipynb is not there, and figures/manifest.json has its chart ${chart}\nto mend it: npm run figures`,
    }));

/** What is wrong with notebooks as they lie in the project, in words. */
export async function checkCommitted(project: Project, names: string[]): Promise<Finding[]> {
  const checkOne = async (name: string): Promise<Finding[]> => {
    const problems = await committedProblems(project, name);
    if (problems.length === 0) return [];
    const notebook = readNotebook(join(project.notebooks, `${name}.ipynb`));
    const told = problems.map((problem) => describeProblem(`${name}.ipynb`, notebook, problem));
    return [
      { notebook: name, text: `${told.join('\n')}\nto mend it: npm run figures -- ${name.match(/^\d+/)?.[0] ?? name}` },
    ];
  };
  return [...(await Promise.all(names.map(checkOne))).flat(), ...lostEntries(project)];
}
