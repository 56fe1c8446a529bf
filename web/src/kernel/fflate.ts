// fflate as the library has it in a page: unpacking alone.
export { Gunzip, inflateSync } from 'fflate';
