import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DescentError } from 'descent-lab';
import type { Redis } from 'ioredis';

/** Milliseconds after which a coordinator that gives no sign of life counts as dead. */
const LIFE = 10_000;

/** Renews a mark that is ours, or that a Redis which was restarted has forgotten; says whose it is. */
const RENEW = `
local owner = redis.call('get', KEYS[1])
if owner == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2])
elseif not owner then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return owner or ARGV[1]`;

/** Removes a mark that is ours. */
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end";

/** The mark of the process that follows a run; without one, nobody does. */
export const markOf = (queue: string, run: string): string => `${queue}-run:${run}`;

/** Makes this process the only one that takes in a run's results. */
export class RunLock {
  /** Told when another process has it: this one was taken for dead. */
  onLost?: (error: DescentError) => void;
  private timer?: NodeJS.Timeout;

  private constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly owner: string,
  ) {}

  /** @throws DescentError while another living process has it */
  static async take(redis: Redis, key: string): Promise<RunLock> {
    // In containers two processes may have the same number and host.
    const lock = new RunLock(redis, key, `process ${process.pid} on ${hostname()} #${randomUUID()}`);
    const end = Date.now() + LIFE + 1000; // a process that was killed has left it, and will not renew it
    while ((await redis.set(key, lock.owner, 'PX', LIFE, 'NX')) === null) {
      const left = await redis.pttl(key);
      if (Date.now() + Math.max(0, left) > end) {
        throw new DescentError(`${shown(await redis.get(key))} is at this run already: two cannot take in its results`);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(50, left)));
    }
    lock.timer = setInterval(() => {
      lock.renew().catch(() => undefined);
    }, LIFE / 4); // Redis away: tried again
    return lock;
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.eval(RELEASE, 1, this.key, this.owner);
  }

  private async renew(): Promise<void> {
    const owner = (await this.redis.eval(RENEW, 1, this.key, this.owner, LIFE)) as string;
    if (owner === this.owner) return;
    clearInterval(this.timer);
    this.onLost?.(
      new DescentError(
        `${shown(owner)} has taken this run over, since this process gave no sign of life ` +
          "for a while; its results are that one's now",
      ),
    );
  }
}

/** An owner without what tells it from others of the same number. */
const shown = (owner: string | null): string => (owner ?? 'another process').replace(/ #.*$/, '');
