// A page to write in: a few cells to begin with, which readers change, add to, and pass on as a link.
import type { Notebook } from '../notebooks/notebook';
import { cellButton, notebookHtml, type NotebookHtml } from '../page/cells';
import { pageButton, runningBar } from './running';

/** Where the cells are that are not the reader's: there are none. */
export const playgroundSource = 'assets/playground.source.js';

const intro = `# Playground

Cells of your own, run by this page: nothing is installed, and nothing that you write leaves your computer unless you pass
the link on. Four cells to begin with, after the template [your own problem](notebooks/your-own.ipynb): seven stations
hear a sender, each measures how far away it is, and one of them is wrong. Change any line, or all of it; Shift+Enter runs
a cell and goes on to the next.`;

/** The cells to begin with: data, a loss, a descent, a figure. */
export const templateCells = [
  `import { descend, display, figures, tf } from 'descent-lab';

// 1. The data: places of the stations, and the distance that each has measured, in kilometres
const stations = [[0.5, 1], [9, 0.5], [10.5, 6.5], [2.5, 8.5], [6.5, 9], [0.5, 5], [5, 0.5]];
const distances = tf.tensor1d([6.2, 4.5, 5.3, 8.7, 5, 5.6, 3.6]);`,
  `// 2. A loss: any function of the variables that ends in one number, made of TensorFlow's operations
const loss = ({ sender }: { sender: tf.Tensor }) => {
  const off = tf.tensor2d(stations).sub(sender).norm('euclidean', 1).sub(distances).abs();
  const capped = off.minimum(0.3);    // Huber's loss: beyond 0.3 km no station pulls harder than the others
  return capped.mul(off.sub(capped.div(2))).mean();
};`,
  `// 3. The descent: from where, how, and how long
const run = await descend({ loss, variables: { sender: [1, 9] }, optimizer: tf.train.adam(0.1), iterations: 200 });

const [east, north] = run.final.sender as number[];
console.log(\`the sender is at (\${east.toFixed(2)}, \${north.toFixed(2)})\`);`,
  `// 4. A figure: is the answer any good?
const path = run.records.map(({ sender }) => sender as number[]);
await display(figures.chart({ name: 'search', title: 'From the start to the sender' }, {
  says: \`A path from (1, 9) to (\${east.toFixed(2)}, \${north.toFixed(2)}) among seven stations.\`,
  marks: [
    figures.marks.line({ name: 'the search', x: path.map(([x]) => x), y: path.map(([, y]) => y) }),
    figures.marks.dots({ name: 'stations', x: stations.map(([x]) => x), y: stations.map(([, y]) => y) }),
  ],
  height: 480,
  legend: true,
  x: { title: 'east', unit: 'km' },
  y: { title: 'north', unit: 'km' },
}));`,
];

const metadata = {
  kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
  language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
};

/** What is downloaded beside the cells. */
export const playgroundSourceScript = `window.notebookSource = ${JSON.stringify({ name: 'my-cells', metadata })};\n`;

const tools = (number: number): string =>
  cellButton('add', 'Add cell', `Add cell below cell ${number}`) +
  cellButton('up', 'Up', `Move cell ${number} up`) +
  cellButton('down', 'Down', `Move cell ${number} down`) +
  cellButton('remove', 'Remove', `Remove cell ${number}`);

const bar = runningBar(
  `${pageButton('link', 'Copy a link to these cells')}<input data-part="link" aria-label="Link to these cells" readonly hidden>` +
    pageButton('start-again', 'Start again'),
);

const note =
  '<p class="foreign" data-part="foreign" hidden>These cells came with the link. Nothing runs before you press Run.</p>';

/** The page's content. `rewriteLink` is for the links of its text. */
export function playgroundContent(rewriteLink: (address: string) => string): NotebookHtml {
  const cells: Notebook['cells'] = [
    { cell_type: 'markdown', metadata: {}, source: intro },
    ...templateCells.map((source, i) => ({ cell_type: 'code' as const, id: `${i + 1}`, metadata: {}, source })),
  ];
  const content = notebookHtml({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, { rewriteLink, runs: true, tools });
  const [text, ...code] = content.html.split(/(?=<section class="cell")/);
  return { ...content, html: `${text}${bar}${note}\n${code.join('')}` };
}
