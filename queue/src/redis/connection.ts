import type { RedisOptions } from 'bullmq';
import { DescentError } from 'descent-lab';
import { Redis } from 'ioredis';

/** A Redis, and the name that the queue has there. */
export interface QueueAddress { url: string; name?: string }

/** What the queue is called in Redis, unless told otherwise: fleets with different networks need different names. */
export const QUEUE_NAME = 'descent-lab';

/**
 * Reads `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS.
 * @throws DescentError for anything else; it does not show the password
 */
export function redisOptions(text: string): RedisOptions {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url?.pathname.replace(/^\/$/, '').slice(1) ?? '';
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || !/^\d*$/.test(database)) {
    throw new DescentError('--queue takes redis://HOST:PORT, rediss://HOST:PORT for TLS, with USER:PASSWORD@ before ' +
      'the host where there is a password');
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379), db: Number(database),
    ...url.username && { username: decodeURIComponent(url.username) },
    ...url.password && { password: decodeURIComponent(url.password) },
    ...url.protocol === 'rediss:' && { tls: { servername: url.hostname } },
    maxRetriesPerRequest: null, // a Redis that restarts is waited for
  };
}

/** The address without its password. */
export function shownAddress(text: string): string {
  const { host, port } = redisOptions(text);
  return `${text.slice(0, text.indexOf(':'))}://${host}:${port}`;
}

/** A connection, once Redis has answered. @throws DescentError when it does not */
export async function connect(url: string): Promise<Redis> {
  const redis = new Redis({ ...redisOptions(url), lazyConnect: true, connectTimeout: 10_000 });
  let reason = '';
  redis.on('error', (error: Error & { code?: string }) => { reason = error.message || (error.code ?? ''); });
  const first = redis.connect().then(() => redis.ping());
  const failed = new Promise<never>((_, reject) => redis.once('close', () => reject(new Error(reason))));
  try {
    await Promise.race([first, failed]);
    return redis;
  } catch (error) {
    first.catch(() => undefined);
    redis.disconnect();
    throw new DescentError(`no Redis to work with at ${shownAddress(url)}: ${reason || (error as Error).message}`);
  }
}
