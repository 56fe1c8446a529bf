// A folder on a plain web server, as a school or GitHub Pages would serve it.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.ipynb': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** As strict as a server's policy can be: nothing is compiled, no text becomes a worker, no element brings its style. */
export const STRICT = "default-src 'self'";

/** A server that runs. */
export interface StaticServer {
  /** Its address, which ends in a slash. */
  address: string;
  close: () => void;
}

/**
 * Serves a folder at 127.0.0.1.
 * @param under the path that it is served under: `/a/book/`
 * @param headers what is sent with each file, such as a Content-Security-Policy
 */
export async function serveFolder(
  folder: string,
  { under = '/', headers = {} }: { under?: string; headers?: Record<string, string> } = {},
): Promise<StaticServer> {
  const server: Server = createServer((request, response) => {
    const path = decodeURI(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, normalize(path.startsWith(under) ? path.slice(under.length) : '\0'));
    if (file.includes('\0') || !file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile())
      return response.writeHead(404, headers).end('there is no such file');
    response.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${under}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
