import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A module of `folder` as the beginning of a thread or a process, with Node's options for that: none once it is
 * compiled. A test runs the source, for which Node needs what the test itself was started with.
 *
 * @param imported whether the module is imported, as BullMQ does in a process of its own, and not required
 */
export function beside(folder: string, name: string, imported = false): { file: string; execArgv: string[] } {
  if (__filename.endsWith('.js')) return { file: join(folder, `${name}.js`), execArgv: [] };
  const hook = process.env['DESCENT_LAB_SOURCE']!;
  const execArgv = imported ? ['--import', pathToFileURL(hook.replace(/\.cjs$/, '.mjs')).href] : ['--require', hook];
  return { file: join(folder, `${name}.ts`), execArgv };
}
