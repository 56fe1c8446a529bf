import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Why a test that needs Redis is skipped; false where there is one. */
export const noRedis =
  spawnSync('redis-server', ['--version']).status === 0
    ? false
    : 'there is no redis-server on this machine: apt-get install redis-server';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something is so. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string | (() => string),
  seconds = 120,
): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!(await holds())) {
    if (Date.now() > end)
      throw new Error(`waited ${seconds} s in vain until ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A real Redis on loopback, with its append-only file in a folder of its own. */
export class RedisServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'redis-'));
  private process?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly more: readonly string[],
  ) {
    process.once('exit', () => {
      // a benchmark that is stopped
      this.process?.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  static async start(more: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), more);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const port = this.more.includes('--tls-port') ? [] : ['--port', String(this.port)];
    const started = spawn(
      'redis-server',
      [
        ...port,
        '--bind',
        '127.0.0.1',
        '--dir',
        this.folder,
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        'always',
        ...this.more.map((text) => text.replace('PORT', String(this.port))),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.process = started;
    let said = '';
    started.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await until(() => {
      if (started.exitCode !== null) throw new Error(`redis-server ended: ${said}`);
      return said.includes('Ready to accept connections');
    }, 'Redis is ready');
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.process!.once('exit', resolve));
    this.process!.kill('SIGKILL');
    await gone;
  }

  /** Loses all that it has written down. */
  forget(): void {
    for (const file of readdirSync(this.folder)) rmSync(join(this.folder, file), { recursive: true });
  }

  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url);
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
