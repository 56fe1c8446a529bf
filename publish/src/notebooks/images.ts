// The images that a notebook holds already, put where the library looks before it draws one: a chart whose data have
// not changed keeps its image, byte for byte, in a fresh clone too.
import { join } from 'node:path';
import { figureHash, sha256 } from 'descent-lab/internal';
import { figuresOf } from './figure-outputs';
import { writeIfChanged } from './files';
import { readManifest } from './manifest';
import type { Notebook } from './notebook';
import type { Project } from './project';

/**
 * Fills the project's image cache from a notebook's outputs. The manifest vouches for them: JupyterLab may have put the
 * reader's own view of a chart in the place of its image.
 */
export function seedImages(project: Project, notebook: Notebook): void {
  const manifest = readManifest(project);
  for (const { name, payload, png } of figuresOf(notebook)) {
    const known = manifest[name ?? ''];
    const data = figureHash(payload);
    if (!png || known?.data !== data || known.png !== sha256(png)) continue;
    writeIfChanged(join(project.images, `${data}.png`), png);
  }
}
