// How soon the notebooks' pages answer in the browsers of this machine, from the disk, from a server, and from one whose policy is
// the strictest: node --import ./scripts/tsx.mjs bench/pages.ts 01 --from strict
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option } from 'commander';
import { lessonNames, projectAt, buildSite } from 'descent-lab-publish';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { runPage, timeStop } from '../tests/support/notebook-page';
import { readers } from '../tests/support/readers';
import { serveFolder, STRICT } from '../tests/support/static-server';
import { root } from './places';

const ORIGINS = ['disk', 'server', 'strict'] as const;

export const program = new Script('node --import ./scripts/tsx.mjs bench/pages.ts')
  .description(
    'Runs all cells of the pages of notebooks, and prints how long that takes. Others on the machine disturb it.',
  )
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all')
  .addOption(new Option('--from <origin...>', 'where pages come from').choices(ORIGINS).default([...ORIGINS]));

const ms = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(0));

async function main(): Promise<void> {
  const project = projectAt(root);
  const command = program.parse();
  const names = lessonNames(project).filter(
    (name) => command.args.length === 0 || command.args.some((start) => name.startsWith(start)),
  );
  if (names.length === 0) throw new Error(`no notebook begins with ${command.args.join(' or ')}`);
  const { from } = command.opts<{ from: (typeof ORIGINS)[number][] }>();
  const site = mkdtempSync(join(tmpdir(), 'descent-lab-pages-'));
  await buildSite(project, { out: site, warn: console.error });
  const plain = await serveFolder(site);
  const strict = await serveFolder(site, { headers: { 'content-security-policy': STRICT } });
  const addresses = { disk: `${pathToFileURL(site).href}/`, server: plain.address, strict: strict.address };
  console.log(
    '| browser | from | notebook | first result, ms | all | longest pause | longest task since the first result | errors |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  try {
    for (const { name: browserName, missing, launch } of await readers()) {
      if (missing) {
        console.error(missing);
        continue;
      }
      const browser = await launch();
      for (const origin of from) {
        for (const name of names) {
          const { first, all, gap, task, cells } = await runPage(browser, `${addresses[origin]}notebooks/${name}.html`);
          const failed = cells.filter(({ state }) => state !== 'done').length;
          console.log(`| ${[browserName, origin, name, ms(first), ms(all), ms(gap), ms(task), failed].join(' | ')} |`);
        }
      }
      const stops = await timeStop(browser, `${addresses.disk}try.html`, 5);
      console.log(
        `\n${browserName}: from a press of Stop to the end of a descent's cell: ${stops.map(ms).join(', ')} ms\n`,
      );
      await browser.close();
    }
  } finally {
    plain.close();
    strict.close();
    rmSync(site, { recursive: true, force: true });
  }
}

if (require.main === module) run(main, ({ message }) => message);
