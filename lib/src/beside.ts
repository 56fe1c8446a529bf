import { join } from 'node:path';

/**
 * A module of `folder` as the beginning of a thread or a process, with Node's options for that: none once it is
 * compiled. A test runs the source, for which Node needs what the test itself was started with.
 */
export function beside(folder: string, name: string): { file: string; execArgv: string[] } {
  if (__filename.endsWith('.js')) return { file: join(folder, `${name}.js`), execArgv: [] };
  return { file: join(folder, `${name}.ts`), execArgv: ['--require', process.env['DESCENT_LAB_SOURCE']!] };
}
