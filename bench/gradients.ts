// Writes docs/gradients.md, the table of gradients, and says how far they are from TensorFlow's:
// node --import ./scripts/tsx.mjs bench/gradients.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from 'descent-lab';
import { cases, deviations, type Deviation } from '../tests/support/gradient-check';
import { coverage } from '../tests/support/gradient-coverage';

const HEAD = `# Gradients

TensorFlow.js 4.22 has no gradient for many of its operations, for the gradients of others, and a wrong one for some; the library
adds them before anyone asks, on every backend. Written by \`node --import ./scripts/tsx.mjs bench/gradients.ts\` from
TensorFlow.js' own registry of kernels. Where a loss meets one without a gradient, the error names it.

- **TensorFlow**: whether TensorFlow 2.15 in Python has a gradient; a dash where it has no such operation.
- **tfjs**: whether TensorFlow.js 4.22 has one by itself.
- **Checked by**: the cases of [gradients.py](../tests/reference/gradients.py) that run the kernel. Each case's first and second
  derivative is held to TensorFlow's in doubles, and TensorFlow's to central differences in doubles; where TensorFlow's is not the true one
  or missing, ours is held to the differences. \`npm test -- kernel-gradients\` does so on TensorFlow's library and on plain JavaScript.
- **Off by**: the largest deviation in these cases, relative to the larger of 1 and the value, of the first and of the second
  derivative, in float32; after a ~ from differences of long steps, which know three digits themselves.

| Kernel | TensorFlow | tfjs | Here | Checked by | Off by |
|---|---|---|---|---|---|
`;

async function main(): Promise<void> {
  const rows = await coverage();
  const all: Deviation[] = [];
  for (const backend of new Set([tf.getBackend(), 'cpu'])) {
    await tf.setBackend(backend);
    all.push(...cases.flatMap(deviations));
  }
  const worst = (names: string[], order: 'first' | 'second'): string => {
    const here = all.filter(({ name }) => names.includes(name));
    const told = (held: boolean): number =>
      Math.max(0, ...here.filter(({ tensorflow }) => tensorflow[order] === held).map((one) => one[order]));
    const beside = here.some(({ tensorflow }) => tensorflow[order]);
    return beside ? told(true).toExponential(0) : `~${told(false).toExponential(0)}`;
  };
  const lines = rows.map(({ kernel, tensorflow, tfjs, here, checked, cases: names }) => {
    const off = checked === '' ? '' : `${worst(names, 'first')}, ${worst(names, 'second')}`;
    return `| ${[kernel, tensorflow, tfjs, here, checked, off].join(' | ')} |`;
  });
  writeFileSync(join(__dirname, '../docs/gradients.md'), `${HEAD}${lines.join('\n')}\n`);
  const count = (what: (row: (typeof rows)[number]) => boolean): number => rows.filter(what).length;
  console.log(
    `${rows.length} kernels: ${count(({ tfjs }) => tfjs === 'yes')} with a gradient in tfjs, ` +
      `${count(({ here }) => here === 'yes')} here`,
  );
}

void main();
