import { hostname } from 'node:os';
import { DescentError } from 'descent-lab';
import type { Redis } from 'ioredis';

/** Milliseconds after which a coordinator that gives no sign of life counts as dead. */
const LIFE = 10_000;

/** Makes this process the only one that takes in a run's results. */
export class RunLock {
  private timer?: NodeJS.Timeout;

  private constructor(private readonly redis: Redis, private readonly key: string, private readonly owner: string) {}

  /** @throws DescentError while another living process has it */
  static async take(redis: Redis, key: string): Promise<RunLock> {
    const lock = new RunLock(redis, key, `process ${process.pid} on ${hostname()}`);
    const end = Date.now() + LIFE + 1000; // a process that was killed has left it, and will not renew it
    while (await redis.set(key, lock.owner, 'PX', LIFE, 'NX') === null) {
      const left = await redis.pttl(key);
      if (Date.now() + Math.max(0, left) > end) {
        throw new DescentError(`${await redis.get(key)} is at this run already: two cannot take in its results`);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(50, left)));
    }
    lock.timer = setInterval(() => { redis.set(key, lock.owner, 'PX', LIFE).catch(() => undefined); }, LIFE / 4);
    return lock;
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    if (await this.redis.get(this.key) === this.owner) await this.redis.del(this.key);
  }
}
