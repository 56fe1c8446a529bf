import { DescentError } from '../../errors';

/**
 * @param path the file that it comes from
 * @param what what is no JSON where it is none, with its verb: `its model_config is`
 * @throws DescentError for what is no JSON
 */
export function parseJson(text: string, path: string, what = 'it is'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DescentError(`${path} is damaged: ${what} no JSON. Get it again`);
  }
}
