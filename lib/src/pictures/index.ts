export { convertPicture } from './convert';
export { decodePicture, encodePicture, magnifyChange, pictureUrl, signedPicture, writePicture } from './picture';
export type { PictureFormat, PictureSize, Pixels } from './picture';
export { decodePhoto, readPhoto, readPhotoFile } from './read-photo';
