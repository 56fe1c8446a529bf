export { drawPicture } from './draw-picture';
export { decodePicture, encodePicture, formatName, roundToBytes, stackPictures, writePicture } from './picture';
export type { PictureFormat, PictureSize, Pixels } from './picture';
export { listPhotos, type LabelledPhoto } from './photo-list';
export { readPhoto } from './read-photo';
export { readPhotos, type Photo } from './read-photos';
export { smoothShare } from './smooth-share';
