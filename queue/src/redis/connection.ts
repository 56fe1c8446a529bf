import { isIP } from 'node:net';
import type { RedisOptions } from 'bullmq';
import { DescentError } from 'descent-lab';
import { Redis } from 'ioredis';
import { asked, said, type Waiting } from './passing';

/** A Redis, and the name that the queue has there. */
export interface QueueAddress {
  url: string;
  name?: string;
}

/** What the queue is called in Redis, unless told otherwise. */
export const QUEUE_NAME = 'descent-lab';

/**
 * Reads `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS.
 * @throws DescentError for anything else; it does not show the password
 */
export function redisOptions(text: string): RedisOptions {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url?.pathname.replace(/^\/$/, '').slice(1) ?? '';
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || !/^\d*$/.test(database)) {
    throw new DescentError(
      '--queue takes redis://HOST:PORT, rediss://HOST:PORT for TLS, with USER:PASSWORD@ before ' +
        'the host where there is a password',
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(url.port || 6379),
    db: Number(database),
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: isIP(host) ? {} : { servername: host } }),
    maxRetriesPerRequest: null, // a Redis that restarts is waited for
  };
}

/** The address without its password. */
export function shownAddress(text: string): string {
  const { host, port } = redisOptions(text);
  return `${text.slice(0, text.indexOf(':'))}://${host}:${port}`;
}

/** Milliseconds that a Redis may take to answer at all. */
const SILENCE = 10_000;

/** A connection, once Redis has answered, and has read its file. @throws DescentError when it does not */
export async function connect(url: string, waiting: Waiting = {}): Promise<Redis> {
  const redis = new Redis({
    ...redisOptions(url),
    lazyConnect: true,
    connectTimeout: SILENCE,
    enableReadyCheck: false,
  });
  let reason = '';
  redis.on('error', (error) => {
    reason = said(error).replace(/^Protocol error.*/, 'it answers as no Redis does');
  });
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    redis.once('close', () => reject(new Error('it hangs up. A Redis with TLS has an address with rediss://')));
    const silent = `no answer within ${SILENCE / 1000} s. Is it a Redis, with TLS where rediss:// stands?`;
    timer = setTimeout(() => reject(new Error(silent)), SILENCE);
  });
  const first = redis.connect().then(() => asked(() => redis.ping().finally(() => clearTimeout(timer)), waiting));
  try {
    await Promise.race([first, failed]);
    if (reason !== '') throw new Error(reason); // it answers, but not where we asked: there is no such database
    return redis;
  } catch (error) {
    first.catch(() => undefined);
    redis.disconnect();
    waiting.signal?.throwIfAborted();
    throw new DescentError(`no Redis to work with at ${shownAddress(url)}: ${reason || said(error)}`);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined); // it hangs up later
  }
}
