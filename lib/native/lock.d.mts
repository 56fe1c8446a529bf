export function takeLock(
  file: string,
  log: (text: string) => void,
  options?: { busy?: (pid: number) => void; signal?: AbortSignal },
): Promise<() => void>;

/** Gives back all that this process holds. */
export function releaseAll(): void;
