// Which kernels of tfjs have a gradient: in TensorFlow, in tfjs by itself, and here.
import { execFileSync } from 'node:child_process';
import { tf } from 'descent-lab';
import { cases, differentiable, kernelsOf } from './gradient-check';

export interface CoverageRow {
  kernel: string;
  /** Whether TensorFlow in Python has its gradient: yes, no, or a dash where it has no such operation. */
  tensorflow: string;
  /** Whether tfjs by itself has one. */
  tfjs: string;
  here: string;
  /** The cases of tests/reference/gradients.py that run it. */
  checked: string;
  cases: string[];
}

const list = (text: string): string[] => text.trim().split(/\s+/);

/** Kernels that have none here, and why. */
const without: Record<string, string[]> = {
  'the way back ends: truth values, whole numbers': list(
    `All Any ArgMax ArgMin BitwiseAnd BroadcastArgs Equal Greater GreaterEqual IsFinite IsInf IsNan Less LessEqual
     LogicalAnd LogicalNot LogicalOr Multinomial NonMaxSuppressionV3 NotEqual OneHot SearchSorted SparseReshape`,
  ),
  'constant: nothing to go back to': list('Fill LinSpace OnesLike Range ZerosLike'),
  text: list('StaticRegexReplace StringNGrams StringSplit StringToHashBucketFast'),
  'pixels of a page': list('Draw FromPixels'),
  no: list('NonMaxSuppressionV4 NonMaxSuppressionV5 RaggedRange Unique'),
};

export async function coverage(): Promise<CoverageRow[]> {
  const backends = ['tensorflow', 'cpu', 'webgl'];
  const kernels = [
    ...new Set(backends.flatMap((backend) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName))),
  ].sort();
  const own = gradientsOfTfjs(kernels);
  const native = tf.getBackend();
  const [forward, backward] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  // which kernels a case runs differs from backend to backend
  for (const backend of new Set([native, 'cpu'])) {
    await tf.setBackend(backend);
    for (const one of cases) {
      for (const [runs, withGradient] of [[forward, false] as const, [backward, true] as const]) {
        for (const kernel of await kernelsOf(one, withGradient)) {
          runs.set(kernel, (runs.get(kernel) ?? new Set()).add(one.name));
        }
      }
    }
  }
  await tf.setBackend(native);
  return kernels.map((kernel) => {
    const reason = Object.keys(without).find((why) => without[why]!.includes(kernel));
    const inLoss = [...(forward.get(kernel) ?? [])];
    const names = inLoss.length > 0 ? inLoss : [...(backward.get(kernel) ?? [])];
    const told = names.length > 3 ? `${names.slice(0, 2).join('; ')} and ${names.length - 2} more` : names.join('; ');
    return {
      kernel,
      tensorflow: { true: 'yes', false: 'no', null: '-' }[String(differentiable[kernel] ?? null)]!,
      tfjs: own.has(kernel) ? 'yes' : 'no',
      here: reason ?? 'yes',
      checked: reason || names.length === 0 ? '' : inLoss.length > 0 ? told : `second derivative of ${told}`,
      cases: names,
    };
  });
}

/** In a process of its own, where nothing has added to them. */
function gradientsOfTfjs(kernels: string[]): Set<string> {
  const code = `const { getGradient } = require('@tensorflow/tfjs');
    console.log(JSON.stringify(${JSON.stringify(kernels)}.filter((name) => getGradient(name))));`;
  const told = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8', cwd: __dirname });
  return new Set(JSON.parse(told.trim().split('\n').at(-1)!) as string[]);
}
