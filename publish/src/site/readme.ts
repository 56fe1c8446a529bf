// The parts of README.md that the front page repeats, so that both say the same.

/** Markdown. */
export interface Readme {
  /** What the project is. */
  intro: string;
  /** How to start: the commands, and what they need. */
  start: string;
  /** What each notebook is called and about, by its name. */
  notebooks: Map<string, { title: string; text: string }>;
  /** The library in a few lines. */
  library: string;
}

/** Paragraphs, headings and code blocks, each as one text. */
const blocksOf = (markdown: string): string[] => markdown.match(/```[^]*?\n```|(?:(?!```)\S.*(?:\n|$))+/g) ?? [];

const isImage = (block: string): boolean => block.startsWith('![');
const isHeading = (block: string): boolean => block.startsWith('#');
const isCode = (block: string): boolean => block.startsWith('```');

/** The blocks below the first heading that fits, up to the next heading. */
function below(blocks: string[], heading: RegExp): string[] {
  const from = blocks.findIndex((block) => isHeading(block) && heading.test(block)) + 1;
  if (from === 0) return [];
  const length = blocks.slice(from).findIndex(isHeading);
  return blocks.slice(from, length < 0 ? undefined : from + length);
}

/** Reads them. Throws for a README.md that lacks one, naming it. */
export function readReadme(markdown: string): Readme {
  const blocks = blocksOf(markdown);
  const need = (what: string, found: string[]): string => {
    if (found.length) return found.join('\n\n');
    throw new Error(`README.md has no ${what}, which the front page repeats`);
  };
  const first = below(blocks, /^# /);
  const prose = first.filter((block) => !isImage(block));
  const commands = prose.findIndex(isCode);
  const notebooks = [...markdown.matchAll(/^### \[(.*?)\]\(notebooks\/(.+?)\.ipynb\).*$/gm)].map(([, title, name]) => {
    const blurb = below(blocks, new RegExp(`\\(notebooks/${name}\\.ipynb\\)`)).filter((block) => !isImage(block));
    return [name!, { title: title!, text: blurb.join('\n\n') }] as const;
  });
  return {
    intro: need('introduction', prose.slice(0, Math.max(0, commands))),
    start: need('commands at its beginning', commands < 0 ? [] : prose.slice(commands)),
    notebooks: new Map(notebooks),
    library: need('section on the library', below(blocks, /^## The library/)),
  };
}
