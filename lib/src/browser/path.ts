// What stands in for node:path.
import path from 'path-browserify';
import { WORKING_FOLDER } from './files';

export const { basename, dirname, extname, isAbsolute, join, normalize, parse, format, relative, sep, delimiter } =
  path;
export const resolve = (...parts: string[]): string => path.resolve(WORKING_FOLDER, ...parts);
export const posix = { ...path, resolve };
export default posix;
