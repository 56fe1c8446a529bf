import { fork, type ChildProcess } from 'node:child_process';
import { beside } from '../beside';
import { DescentError } from '../errors';
import { optional } from '../optional';
import type { Figure } from '../figures';
import { findBrowser } from './browser';
import type { Browser } from './bundled-browser';
import { plotlyScript } from './plotly-script';

/** What to draw. */
export interface Drawing {
  figure: Pick<Figure, 'data' | 'layout' | 'frames'>;
  /** The names of the frames to draw, one image each. Default: the figure as it first shows, one image. */
  frames?: string[];
  /** Pixels, before the scale. */
  width: number;
  height: number;
  /** A script of `fitChart(figure, width)`, which lays the figure out for this width and says how high it is. */
  fit?: string;
  /** How many pixels of the image for one of the figure. */
  scale: number;
}

export interface Request extends Drawing {
  id: number;
  browser: Browser;
  /** The file of Plotly's script. */
  plotly: string;
}

export interface Answer {
  id: number;
  /** PNG files in base64. */
  images?: string[];
  problem?: string;
}

let child: ChildProcess | undefined;
let count = 0;
const waiting = new Map<number, (answer: Answer) => void>();

/** Draws in the one browser of this process. @throws DescentError where there is none, or where it fails. */
export async function draw(drawing: Drawing): Promise<Buffer[]> {
  optional('playwright-core', 'steers the browser that draws images', () => require.resolve('playwright-core'));
  const request: Request = { ...drawing, id: ++count, browser: await findBrowser(), plotly: plotlyScript() };
  const answer = await new Promise<Answer>((resolve) => {
    waiting.set(request.id, resolve);
    child ??= start();
    holdOpen(child);
    child.send(request);
  });
  if (!answer.images) throw new DescentError(`the browser could not draw the figure: ${answer.problem}`);
  return answer.images.map((image) => Buffer.from(image, 'base64'));
}

function start(): ChildProcess {
  const { file, execArgv } = beside(__dirname, 'renderer-process');
  const started = fork(file, {
    execArgv,
    detached: true, // A stop button's SIGINT goes to all of the kernel's group.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answerTo = (answer: Answer): void => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
    holdOpen(started);
  };
  started.on('message', answerTo);
  started.on('error', () => undefined); // followed by `exit`
  started.on('exit', (code) => {
    child = undefined;
    for (const id of [...waiting.keys()]) answerTo({ id, problem: `its process ended (${code})` });
  });
  return started;
}

/** Only while an image is under way does the browser keep this process from ending. */
function holdOpen(process: ChildProcess): void {
  const verb = waiting.size > 0 ? 'ref' : 'unref';
  process[verb]();
  process.channel?.[verb]();
}
