import { classifierOf, tried, type Classifier } from './classifier';
import { graphClassifier } from './graph-classifier';
import { modelOf, readModel } from './model-folder';

/**
 * Loads the classifier in a model folder, such as models/cats-dogs.
 *
 * @throws DescentError for a folder that holds no model, for weights whose sha256 is not the stated one, and for a
 * model that cannot be used
 * @example
 * const classifier = await classifiers.loadClassifier('../models/cats-dogs');
 * const photo = await pictures.readPhoto('../data/photos/cat-kitten.jpg', classifier.input);
 * const [[cat, dog]] = classifier.probabilities(pictures.stackPictures([photo], classifier.input)).arraySync();
 * console.log(cat > dog); // => true
 */
export async function loadClassifier(folder: string): Promise<Classifier> {
  const held = readModel(folder);
  if (held.packed.format === 'graph-model') return graphClassifier(held);
  const model = await modelOf(held);
  try {
    return tried(() => classifierOf(model, held.card), held.path);
  } finally {
    model.dispose();
  }
}
