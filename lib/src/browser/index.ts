// What a page needs beyond the library: `descent-lab/browser`.
export { files } from './files';
export { setBinaries, type BinaryLoader } from './binaries';
export { setKernel } from './kernel';
export { resultOf } from '../edge/result';
export { setPanels, type PagePanel, type PanelHost } from './panel';
export { startBackend } from './start-backend';
