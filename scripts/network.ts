// The network that a command is given by --model.
import { loadClassifier, readingNote, type Classifier } from 'descent-lab';

/** Loads it, and tells where its probabilities are no softmax of its own. */
export async function openNetwork(folder: string): Promise<Classifier> {
  const classifier = await loadClassifier(folder);
  const note = readingNote(classifier);
  if (note) console.error(note);
  return classifier;
}
