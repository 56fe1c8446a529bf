import { serveResults } from './result';
import { serveStopButton } from './stop-button';

serveStopButton();
serveResults();

export { display } from './display';
export type { TableRow } from './table';
export { interact } from './interact';
export { choice, point, slider, type Control, type PointOptions, type SliderOptions, type ValuesOf } from './controls';
export { progress, type Progress, type ProgressOptions } from './progress';
export { verify, type Statements } from './verify';
export { renderPng } from './render-png';
export { renderGif, type GifOptions } from './render-gif';
export { writeHtml, type HtmlOptions } from './write-html';
