// A notebook's slides as a page of reveal.js, made by nbconvert, with all that it loads beside it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { escapeHtml } from 'descent-lab/internal';
import { writeIfChanged } from '../notebooks/files';
import { jupyterEnv, venvBin } from '../notebooks/jupyter';
import { readNotebook, type Notebook } from '../notebooks/notebook';
import { ownRoot, type Project } from '../notebooks/project';
import { chartInside, codeHtml, outputsHtml } from '../page/cells';
import { markdownRenderer } from '../page/markdown';
import { pageScript, pageStyle } from '../page/page';
import { slidesOf, type Part } from './parts';

/** How high a chart may be on a stage of 720 pixels. */
const HIGHEST = 590;

/** A chart on a slide: as large as it was drawn, or made smaller until it fits. */
const chart: typeof chartInside = (figure) => {
  const { height = 450 } = figure.payload.layout as { height?: number };
  const scale = Math.min(1, HIGHEST / height).toFixed(3);
  return chartInside(figure).replace('<figure', `<figure style="--height:${height}px;--scale:${scale}"`);
};

/** The slides as a notebook of raw cells, each with where it stands: that is what nbconvert divides. */
function slideNotebook(notebook: Notebook): Notebook {
  const rewriteLink = (address: string): string =>
    address.replace(/^(?:\.\/)?([\w-]+)\.ipynb(?=$|#)/, '$1.html').replace(/^solutions\//, '../notebooks/solutions/');
  const markdown = markdownRenderer({ rewriteLink });
  const content = (part: Part): string => {
    if ('markdown' in part) return markdown.render(part.markdown);
    return 'code' in part ? codeHtml(part.code) : outputsHtml(part.outputs, { chart });
  };
  const cells = slidesOf(notebook).map((slide) => ({
    cell_type: 'raw' as const,
    metadata: { slideshow: { slide_type: slide.begins ? 'slide' : 'subslide' } },
    source:
      (slide.running ? `<p class="running">${escapeHtml(slide.running)}</p>\n` : '') +
      slide.parts.map(content).join('\n'),
  }));
  return { ...notebook, metadata: { title: markdown.headings[0]?.text ?? 'Notebook' }, nbformat_minor: 4, cells };
}

/** The files that all slides load, by their names. */
function assets(): [name: string, content: string | Buffer][] {
  const { resolve } = createRequire(__filename);
  const reveal = dirname(resolve('reveal.js'));
  return [
    ['reveal.js', readFileSync(join(reveal, 'reveal.js'), 'utf8').replace(/\n\/\/# sourceMappingURL.*/, '')],
    ['reveal.css', readFileSync(join(reveal, 'reveal.css'))],
    ['plotly.js', readFileSync(resolve('plotly.js-strict-dist-min'))],
    ['page.js', pageScript],
    ['slides.js', readFileSync(join(__dirname, 'slides.js'))],
    ['slides.css', `${pageStyle}${readFileSync(join(__dirname, 'slides.css'), 'utf8')}`],
  ];
}

/** Writes `NAME.html` for each notebook into a folder, with what they load beside them. Returns their files. */
export async function makeSlides(project: Project, names: string[], folder: string): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'slides-'));
  try {
    const sources = names.map((name) => {
      const notebook = readNotebook(join(project.notebooks, `${name}.ipynb`));
      const file = join(scratch, `${name}.ipynb`);
      writeFileSync(file, JSON.stringify(slideNotebook(notebook)));
      return file;
    });
    const made = join(scratch, 'made');
    mkdirSync(made);
    const settings = [
      `--TemplateExporter.extra_template_basedirs=${join(ownRoot, 'publish', 'nbconvert')}`,
      '--template=descent-slides',
      '--SlidesExporter.file_extension=.html',
    ];
    await promisify(execFile)(
      venvBin('jupyter'),
      ['nbconvert', '--to', 'slides', '--log-level=ERROR', ...settings, '--output-dir', made, ...sources],
      { env: jupyterEnv() },
    ).catch((error: Error & { stderr?: string }) => {
      throw new Error(`nbconvert makes no slides: ${error.stderr ?? error.message}`, { cause: error });
    });
    for (const [name, content] of assets()) writeIfChanged(join(folder, 'assets', name), content);
    return names.map((name) => {
      const file = join(folder, `${name}.html`);
      writeIfChanged(file, readFileSync(join(made, `${name}.html`)));
      return file;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
