// From what a tool prints to what the reader can do about it.

/** A failure whose message is all that is printed: what is wrong, and the remedy. */
export class SetupError extends Error {}

const remedies = [
  [
    /ENOSPC|No space left on device|not enough space on the disk|EDQUOT|quota exceeded/i,
    'The disk is full. The whole project takes about 2 GB, TensorFlow alone 1 GB, and npm and pip keep 0.5 GB of ' +
      'downloads in their caches: make room, then run the same command again.',
  ],
  [
    /DO NOT MATCH THE HASHES|EINTEGRITY|Hashes are required/,
    'A download is not the file that descent-lab pins by its hash, so it was not used. Empty the caches ' +
      '("npm cache clean --force", "pip cache purge") and try again. If it comes back, do not trust that mirror.',
  ],
  [
    /EROFS|EACCES|EPERM|Permission denied|Read-only file system/,
    'A file cannot be written. The folder has to be your own: see that it is not read-only and holds no file ' +
      'of another user (a "sudo npm" leaves such), then run the same command again.',
  ],
  [
    new RegExp(
      'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|' +
        'NewConnectionError|establish a new connection|NameResolutionError|Read timed out|ConnectTimeout|ProxyError|' +
        'SSLError|SELF_SIGNED_CERT',
    ),
    'The package registry (npm or PyPI) was not reached. Check the connection; behind a proxy set HTTPS_PROXY, with a ' +
      'mirror "npm config set registry URL" and "pip config set global.index-url URL". Then run the same command ' +
      'again: it goes on where it stopped.',
  ],
  [
    /No matching distribution found|Could not find a version/,
    'PyPI has no build of a package for this Python and machine. descent-lab is tested on Linux x64 with Python ' +
      '3.10 to 3.13: put one of these first on the PATH and run the same command again.',
  ],
];

/** The remedy for a tool's output or for an error of the file system; '' where none is known. */
export function remedyFor(text) {
  const known = remedies.find(([pattern]) => pattern.test(text));
  return known ? known[1] : '';
}

/** What is wrong and what to do; an error that is not a SetupError is one of the file system's. */
export function messageOf(error) {
  const remedy = error instanceof SetupError ? '' : remedyFor(error.message);
  return remedy ? `${remedy}\n    ${error.message}` : error.message;
}

/** The lines of a tool's output that tell why it failed, few enough to read. */
export function gist(output) {
  const lines = output.split('\n').filter((line) => line.trim() && !/^(WARNING|npm warn)|complete log/i.test(line));
  const telling = lines.filter((line) => /error|fatal|not found|no space/i.test(line));
  const chosen = telling.length ? telling.slice(0, 6) : lines.slice(-6);
  return chosen.map((line) => `    ${line.trimEnd().slice(0, 200)}`).join('\n');
}
