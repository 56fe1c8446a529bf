import { serveStopButton } from './stop-button';

serveStopButton();

export { display } from './display';
export { progress, type Progress, type ProgressEdge, type ProgressOptions, type Terminal } from './progress';
export { findBrowser } from './browser';
export type { Browser } from './bundled-browser';
export { figureHash, payloadOf, PLOTLY_MIME, type Payload } from './payload';
export { renderFrames, renderPng } from './render-png';
export { renderGif, type GifOptions } from './render-gif';
export { writeHtml, type HtmlOptions } from './write-html';
export type { Bundle, Send } from './kernel';
export { textTable } from './text-table';
