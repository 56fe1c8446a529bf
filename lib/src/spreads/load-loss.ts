import { isFunction, isOwnFile, loadOwnFile } from '../own-file';
import { tf } from '../tf';
import { checkMethod, type OwnSpreadLoss, type SpreadMethod } from './methods';

/**
 * The loss of that name, or that of a file: a TypeScript or JavaScript module whose default export, or only exported
 * function, takes unit vectors, a tensor of shape [N, D], and gives a scalar. TensorFlow comes as the second argument, so
 * the file needs no import. Needs tsx to read TypeScript.
 *
 * @throws DescentError for an unknown name, a missing file, or a module without such a function; its loss throws one for
 * whatever goes wrong in it. They name the file, and the line if there is one
 */
export async function loadSpreadLoss(nameOrFile: string): Promise<SpreadMethod | OwnSpreadLoss> {
  if (!isOwnFile(nameOrFile)) return checkMethod(nameOrFile);
  const { value, told } = await loadOwnFile(nameOrFile, {
    what: 'one function of a tensor',
    form: 'export default (vectors, tf) => ..., where vectors is a tensor of shape [N, D], and the result a scalar tensor',
    holds: isFunction,
  });
  const loss = value as (vectors: tf.Tensor2D, given: typeof tf) => tf.Tensor;
  return (vectors) => {
    try {
      return loss(vectors, tf);
    } catch (error) {
      throw told(error);
    }
  };
}
