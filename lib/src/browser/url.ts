// What stands in for node:url.
export const pathToFileURL = (path: string): URL => new URL(`file://${encodeURI(path)}`);
export const fileURLToPath = (url: string | URL): string => decodeURI(new URL(url).pathname);
export default { pathToFileURL, fileURLToPath };
