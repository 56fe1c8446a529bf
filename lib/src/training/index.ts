export { findPhotos, type FoundPhotos } from './class-folders';
export { readHistory, type Epoch } from './history';
export { buildNetwork } from './network';
export { readPhotoSet, type PhotoSet, type ReadPhotoSetOptions } from './photo-set';
export type { TestResult } from './test-photos';
export type { TrainOptions, Training } from './train-options';
