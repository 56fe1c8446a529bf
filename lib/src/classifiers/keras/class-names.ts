import { isObject } from '../layers';
import { besideOf, type Files } from './files-of';
import type { ModelFile } from './model-file';

/** What usually lies beside a model: the names of its classes, and what made it, where its layers tell. */
export function readBeside(files: Files, model: string, config?: unknown): Pick<ModelFile, 'classes' | 'maker'> {
  const read = (name: string): string | undefined => {
    const beside = besideOf(model, name);
    return files.has(beside) ? new TextDecoder().decode(files.read(beside)) : undefined;
  };
  const metadata = metadataIn(read('metadata.json'));
  const labels = metadata['labels'] ?? labelsIn(read('labels.txt'));
  const teachable = metadata['packageName'] === '@teachablemachine/image' || isTeachable(config);
  return {
    ...(isTexts(labels) && labels.length > 0 && { classes: labels }),
    ...(teachable && { maker: 'teachable-machine' as const }),
  };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** What metadata.json of Teachable Machine says; one of anything else is not ours to judge. */
function metadataIn(text = '{}'): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The lines of labels.txt, without the numbers that Teachable Machine puts before them: `0 Cat`. */
function labelsIn(text = ''): string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const numbered = lines.every((line, i) => line.startsWith(`${i} `));
  return numbered ? lines.map((line) => line.slice(line.indexOf(' ') + 1).trim()) : lines;
}

/**
 * Whether Teachable Machine made a model of pictures: it puts dense layers, which TensorFlow.js named when it trained
 * them (`dense_Dense1`, as Keras in Python never does), behind a MobileNet V2 with that one's own names.
 */
function isTeachable(config: unknown): boolean {
  const text = JSON.stringify(config) ?? '';
  return /"expanded_conv_depthwise"/.test(text) && /"dense_Dense\d+"/.test(text);
}
