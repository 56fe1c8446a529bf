// What stands in for node:fs/promises.
import { promises } from './fs';

export const { readFile, writeFile, appendFile, copyFile, stat, readdir, mkdir, rename, unlink, rm, access } = promises;
export default promises;
