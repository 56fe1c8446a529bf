// What cells may import in a page. Node's modules and nodejs-polars are the library's stand-ins for them: whoever bundles
// this maps the names so.
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as util from 'node:util';
import * as polars from 'nodejs-polars';
import * as library from 'descent-lab';
import * as assert from './assert';

const { DescentError, tf } = library;

/** Node's modules, without the prefix that they may have. */
const node: Record<string, object> = {
  assert: { ...assert.legacy, default: assert.legacy },
  'assert/strict': assert,
  crypto,
  fs,
  'fs/promises': promises,
  os,
  path,
  util,
};

const packages: Record<string, object> = {
  'descent-lab': library,
  'nodejs-polars': polars,
  '@tensorflow/tfjs': tf,
  '@tensorflow/tfjs-node': tf,
};

const modules = new Map<string, object>([
  ...Object.entries(packages),
  ...Object.entries(node).map(([name, module]): [string, object] => [`node:${name}`, module]),
]);

/** The names of all that a cell may import. */
export const moduleNames: readonly string[] = [...modules.keys()];

/**
 * What a cell gets that imports `name`, with a default.
 * @throws DescentError that lists what there is
 */
export const importModule = (name: string): Promise<object> => Promise.resolve().then(() => moduleOf(name));

function moduleOf(name: string): object {
  const module = modules.get(name) ?? modules.get(`node:${name}`);
  if (!module) {
    const what = /^\.{0,2}\//.test(name) ? 'files' : 'npm packages';
    throw new DescentError(
      `'${name}' is not there: ${what} cannot be imported in a page; what can be is ${moduleNames.join(', ')}`,
    );
  }
  return 'default' in module ? module : { ...module, default: module };
}
