import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DescentError } from 'descent-lab';
import { download, fileSha256, type DownloadOptions } from './download';

/** Where the article's files lie; each can be another server's. */
export interface OriginalsSources {
  /** Of the article's repository, at the commit that was looked at. */
  repository: string;
  /** Of the trained weights. */
  weights: string;
}

/** The article's own servers. */
export const ORIGINALS_SOURCES: OriginalsSources = {
  repository:
    'https://raw.githubusercontent.com/etotheipi/toptal_tensorflow_blog_post/723a9760e7ca262ec8b57e6a0bfd0dd5217b3c94',
  weights: 'https://areiner-toptal-blog-resources.s3.amazonaws.com',
};

/** One of the article's files. */
export interface Original {
  /** Its name here. */
  name: string;
  /** Where it is fetched from. */
  source: keyof OriginalsSources;
  /** Where it lies below the source. */
  path: string;
  /** Unknown for the weights, which have to prove themselves. */
  sha256?: string;
}

const photo = (i: number, sha256: string): Original => ({
  name: `img_${i}.jpg`,
  source: 'repository',
  path: `adversarial_example/sample_imgs/img_${i}.jpg`,
  sha256,
});

/** The article's heights and weights of 150 men, five photos (img_1 is a cat, img_3 a dog) and trained network. */
export const originals: readonly Original[] = [
  {
    name: 'height_v_weight.csv',
    source: 'repository',
    path: 'simple_height_vs_weight/height_v_weight.csv',
    sha256: '621883057170a6e5dd0218d0b2fd09c9f790ec27c453fda3584826cf7da9282d',
  },
  photo(0, '986549ff13ad299c88666a456bdcb5eadfe49f6f4d17b343f4ba422d41b334e9'),
  photo(1, '418c9cddc893c9b19fbb1aea55c71d712ce6ce2021d7ba3f7bc7862cce3dc90f'),
  photo(2, 'beeca5ca387018c381dbad45af3f3e77e331bdcccb37e054d3d2185110ea78bd'),
  photo(3, 'bc31413d23bdf6c3d79d86d7a45f5e1cd051e0525e33e7185b40941c7041a971'),
  photo(4, '4a09a28f0d89e5b00d7600a7754ba9a73d280ed45c02b4efb29745725cacea17'),
  { name: 'model.h5', source: 'weights', path: 'dogs_and_cats/model.h5' },
];

/**
 * Fetches one of the article's files into a folder, unless it is there.
 *
 * @returns its sha256, and whether it had to be fetched
 * @throws DescentError as `download` does, and where another file of that name is there
 */
export async function fetchOriginal(
  { name, source, path, sha256 }: Original,
  folder: string,
  sources: OriginalsSources,
  options: Omit<DownloadOptions, 'sha256'> = {},
): Promise<{ sha256: string; fetched: boolean }> {
  const file = join(folder, name);
  const found = existsSync(file) ? fileSha256(file) : undefined;
  if (found && sha256 && found !== sha256) {
    throw new DescentError(`${file} is there and is not the article's file: move it away, or name another folder`);
  }
  if (found) return { sha256: found, fetched: false };
  return {
    sha256: await download(`${sources[source].replace(/\/+$/, '')}/${path}`, file, { ...options, sha256 }),
    fetched: true,
  };
}
