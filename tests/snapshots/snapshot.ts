import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares plain data with tests/snapshots/NAME.json. UPDATE_SNAPSHOTS=1 writes the file instead: read the diff before
 * committing it.
 */
export function snapshot(name: string, value: unknown): void {
  const file = join(__dirname, `${name}.json`);
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
  assert.ok(existsSync(file), `no snapshot '${name}' yet: run with UPDATE_SNAPSHOTS=1`);
  assert.deepEqual(JSON.parse(JSON.stringify(value)), JSON.parse(readFileSync(file, 'utf8')));
}
