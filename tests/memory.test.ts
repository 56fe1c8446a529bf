import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import test from 'node:test';
import { checkMemory, memoryLimit } from '../lib/src/memory';

test('work that does not fit into the memory is refused with what it needs, what there is and a remedy', () => {
  assert.throws(() => checkMemory(3.2e10, '40000 vectors', 'take fewer', 8e9), {
    name: 'DescentError',
    message: '40000 vectors would need about 32 GB of memory, and this machine has about 8.0 GB: take fewer',
  });
  assert.throws(() => checkMemory(Infinity, 'all of them', 'take fewer', 8e9), /need over a billion GB/);
  checkMemory(8e9, 'what just fits', 'take fewer', 8e9);
});

test("the limit is this machine's memory, or less", () => {
  assert.ok(memoryLimit() > 1e8 && memoryLimit() <= totalmem());
});
