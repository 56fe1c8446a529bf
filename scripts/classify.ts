// Says what a network sees in photos: npm run classify -- photo.jpg another.png
import { DescentError, classifiers, pictures } from 'descent-lab';
import { answerText } from 'descent-lab/internal';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { modelOption, openNetwork } from './cli/network';
import { file, folder } from './cli/outputs';

export const program = new Script('npm run classify --')
  .description('Says what a network sees in photos (JPEG, PNG, WebP, GIF, AVIF, TIFF).')
  .argument('<photo...>', "the photos; each is squeezed to the network's size")
  .addOption(modelOption())
  .option('--json', 'print only [{photo, label, probabilities, outputs}]; outputs are what Keras prints')
  .reads({ photo: file, model: folder });

export async function main(): Promise<void> {
  program.parse();
  const { model, json } = program.opts<{ model: string; json?: boolean }>();
  const classifier = await openNetwork(model);
  const results = [];
  for (const photo of program.args) {
    try {
      const [answer] = classifiers.answersTo(classifier, [await pictures.readPhoto(photo, classifier.input)]);
      const { label, all, outputs } = answer!;
      results.push({
        photo,
        label,
        probabilities: Object.fromEntries(classifier.classes.map((name, i) => [name, all[i]])),
        outputs,
      });
      if (!json) console.log(`${photo}: ${answerText(answer!, classifier)}`);
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      console.error(error.message); // the other photos are still worth doing
      process.exitCode = 1;
    }
  }
  if (json) console.log(JSON.stringify(results));
}

if (require.main === module) run(main);
