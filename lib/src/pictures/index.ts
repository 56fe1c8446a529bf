export { convertPicture } from './convert';
export { decodePicture, encodePicture, magnifyChange, pictureUrl, signedPicture, writePicture } from './picture';
export type { PictureFormat, PictureSize, Pixels } from './picture';
export { listPhotos, type LabelledPhoto } from './photo-list';
export { decodePhoto, readPhoto, readPhotoFile } from './read-photo';
