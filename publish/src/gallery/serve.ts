// The gallery's page and its news, for browsers on this machine alone.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { darkenedText } from 'descent-lab/internal';
import type { Project } from '../notebooks/project';
import { Gallery, type Message } from './gallery';

const own = (name: string): string => join(__dirname, name);
const files: Record<string, string> = {
  '/': own('page.html'),
  '/gallery.css': own('gallery.css'),
  '/gallery.js': own('gallery.js'),
  '/page.css': own('../page/page.css'),
  '/controls.js': own('../page/controls.js'),
  '/plotly.js': createRequire(__filename).resolve('plotly.js-strict-dist-min'),
};
const types: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };

/** Plotly compiles the programs that draw in space, and styles its elements one by one. */
const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self'; " +
    "img-src 'self' data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Where it is served. */
export interface ServedGallery {
  address: string;
  gallery: Gallery;
  close: () => void;
}

/**
 * Serves the gallery of these notebooks at 127.0.0.1 until it is closed.
 *
 * @param port the port; where another program has it, any that is free
 */
export async function serveGallery(project: Project, notebooks: string[], port: number): Promise<ServedGallery> {
  const pages = new Set<ServerResponse>();
  const send = (page: ServerResponse, message: Message): unknown => page.write(`data: ${JSON.stringify(message)}\n\n`);
  const server = createServer((request, response) => {
    if (!isOurs(request)) return response.writeHead(403, headers).end('This address is for pages of its own.');
    if (request.url === '/news') {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
      gallery.messages().forEach((message) => send(response, message));
      pages.add(response);
      return request.on('close', () => pages.delete(response));
    }
    if (request.url === '/dark.js') {
      response.writeHead(200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' });
      return response.end(`window.darkened = ${darkenedText};`);
    }
    const file = files[request.url ?? ''];
    if (!file) return response.writeHead(404, headers).end('There is no such page.');
    response.writeHead(200, { ...headers, 'content-type': `${types[extname(file)]}; charset=utf-8` });
    return createReadStream(file).pipe(response);
  });
  await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return listen(server, 0);
    throw error;
  });
  const gallery = new Gallery(project, notebooks, (message) => pages.forEach((page) => send(page, message)));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    gallery,
    close: () => {
      gallery.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Whether a request was made to this address, by its own page: another name is a page's that has its name lead here. */
function isOurs({ method, headers: { host, origin }, socket }: IncomingMessage): boolean {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  return method === 'GET' && names.includes(host ?? '') && (origin === undefined || origin === `http://${host}`);
}
