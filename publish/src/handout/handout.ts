// A notebook as a handout for a class: its page on paper, with hints and without solutions, and page numbers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapeHtml, findBrowser, writeFileAtomically } from 'descent-lab/internal';
import { chromium } from 'playwright-core';
import { withoutCheck } from '../notebooks/exercises';
import { readNotebook, type Notebook } from '../notebooks/notebook';
import type { Project } from '../notebooks/project';
import { notebookHtml } from '../page/cells';
import { page } from '../page/page';

/** The sizes of paper. */
export const papers = ['A4', 'Letter'] as const;
export type Paper = (typeof papers)[number];

const small = 'font: 8pt system-ui, sans-serif; color: #59636e; width: 100%; padding: 0 15mm';

/** The page that is printed. A link to a file leads nowhere from paper, and the check of the statements is for who can run it. */
export function handoutPage(notebook: Notebook): { title: string; html: string } {
  const { title, html } = notebookHtml(
    { ...notebook, cells: withoutCheck(notebook) },
    { rewriteLink: (address) => (/^https?:/.test(address) ? address : '#') },
  );
  const open = html.replaceAll('<details><summary>Hint</summary>', '<details open><summary>Hint</summary>');
  return { title, html: page({ title, html: open, header: '', plotly: '' }) };
}

/** Prints notebooks as `NAME.pdf` into a folder, each whole or not at all. Returns the files. */
export async function makeHandouts(project: Project, names: string[], folder: string, paper: Paper): Promise<string[]> {
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env: { ...(process.env as Record<string, string>), ...env },
  });
  const scratch = mkdtempSync(join(tmpdir(), 'handout-'));
  try {
    // Nothing runs and nothing is asked for: the page has its charts' stills in it.
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const files: string[] = [];
    mkdirSync(folder, { recursive: true });
    for (const name of names) {
      const { title, html } = handoutPage(readNotebook(join(project.notebooks, `${name}.ipynb`)));
      const source = join(scratch, `${name}.html`);
      writeFileSync(source, html);
      const sheet = await context.newPage();
      await sheet.goto(pathToFileURL(source).href, { waitUntil: 'load' });
      const pdf = await sheet.pdf({
        format: paper,
        margin: { top: '18mm', bottom: '18mm', left: '15mm', right: '15mm' },
        printBackground: true,
        displayHeaderFooter: true,
        headerTemplate: `<div style="${small}">${escapeHtml(title)}</div>`,
        footerTemplate: `<div style="${small}; text-align: right"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`,
      });
      await sheet.close();
      files.push(join(folder, `${name}.pdf`));
      writeFileAtomically(files.at(-1)!, pdf);
    }
    return files;
  } finally {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
