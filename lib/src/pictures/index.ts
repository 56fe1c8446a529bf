export { decodePicture, encodePicture, roundToBytes, signedPicture, stackPictures, writePicture } from './picture';
export type { PictureFormat, PictureSize, Pixels } from './picture';
export { listPhotos, type LabelledPhoto } from './photo-list';
export { readPhoto } from './read-photo';
