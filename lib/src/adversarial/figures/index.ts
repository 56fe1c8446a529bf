export { comparisonFigure, picturesFigure, type AttackedPhoto, type CaptionedPicture } from './comparison-figure';
export { confidenceFigure, type ConfidenceOptions } from './confidence-figure';
export { leastChangeHistogram, type HistogramOptions, type Mark } from './histogram-figure';
export { jpegFigure } from './jpeg-figure';
export { leastChangeFigure, type LeastChange } from './least-change-figure';
export { networkFigure, type LayerSize } from './network-figure';
export { liveliestPatch, patchFigure, type Corner } from './patch-figure';
export { photosFigure, type ClassifiedPhoto } from './photos-figure';
export {
  decodePicture,
  encodePicture,
  magnifyChange,
  pictureUrl,
  signedPicture,
  writePicture,
  type PictureFormat,
  type PictureSize,
  type Pixels,
} from './picture';
export { saturationFigure, type GradientTrace } from './saturation-figure';
export { stepsFigure } from './steps-figure';
export { storageFigure, type StoredVictim } from './storage-figure';
export { successFigure } from './success-figure';
export { transferFigure, type Transfer } from './transfer-figure';
