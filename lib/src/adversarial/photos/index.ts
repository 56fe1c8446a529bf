export { readPhoto } from './read-photo';
