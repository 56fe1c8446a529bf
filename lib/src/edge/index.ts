import { serveStopButton } from './stop-button';

serveStopButton();

export { display } from './display';
export type { TableRow } from './table';
export { progress, type Progress, type ProgressOptions } from './progress';
export { renderPng } from './render-png';
export { renderGif, type GifOptions } from './render-gif';
export { writeHtml, type HtmlOptions } from './write-html';
