import { basename, extname } from 'node:path';
import { isFunction, isOwnFile, loadOwnFile } from '../own-file';
import type { OptimizerMaker } from './chain';
import { hyperparameters, makeOptimizer, type OptimizerName } from './create-optimizer';

/** An optimiser and what it is called. */
export interface NamedOptimizer {
  /** Its name in the library, or its file's without the ending. */
  name: string;
  /** The name again, or what makes it. */
  optimizer: OptimizerName | OptimizerMaker;
}

/**
 * The optimiser of that name, or that of a file: a TypeScript or JavaScript module whose default export, or only
 * exported function, makes one: a `chain`, or `(learningRate) => tf.train.adam(learningRate)`. Needs tsx to read
 * TypeScript.
 *
 * @throws DescentError for an unknown name, a missing file, or a module without such a function; they name the file, and
 * the line if there is one
 */
export async function loadOptimizer(nameOrFile: string): Promise<NamedOptimizer> {
  if (!isOwnFile(nameOrFile)) {
    hyperparameters(nameOrFile as OptimizerName); // an unknown name gets the list of all
    return { name: nameOrFile, optimizer: nameOrFile as OptimizerName };
  }
  const { value, told } = await loadOwnFile(nameOrFile, {
    what: 'one function that makes an optimizer',
    form: 'export default chain(scaleBySign(), scaleByLearningRate(0.01))',
    holds: isFunction,
  });
  const make = value as OptimizerMaker;
  return {
    name: basename(nameOrFile, extname(nameOrFile)),
    optimizer: (...rate) => {
      try {
        return makeOptimizer(() => make(...rate));
      } catch (error) {
        throw told(error);
      }
    },
  };
}
