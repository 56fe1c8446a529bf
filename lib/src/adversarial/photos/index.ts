export { decodePhoto, readPhoto, readPhotoFile } from './read-photo';
