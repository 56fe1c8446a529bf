import { setTimeout as sleep } from 'node:timers/promises';
import { ServerError, type PhotoRoot } from './photo-root';
import { Unable } from './refusal';

/** Milliseconds between two tries: from the first to the longest, each twice the one before. */
const [FIRST, LONGEST] = [250, 5000];

/**
 * A root that waits for its server, which may be away or busy for so many seconds. After that its `read` throws an
 * Unable, since the server is to blame. A ServerError means that only the one photo cannot be read.
 * @param onWait told once why it waits
 */
export function patientRoot(
  { read, problem }: PhotoRoot,
  seconds: number,
  onWait?: (reason: string) => void,
): PhotoRoot {
  let told = false;
  const patiently = async (photo: string): Promise<Buffer> => {
    const end = performance.now() + 1000 * seconds;
    let wasThere = false; // the server, when the last read had failed
    for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
      try {
        return await read(photo);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        const reason = await problem();
        const late = performance.now() + pause > end;
        // a server that did not answer but came back since may have nothing against the photo: a second read tells
        const blames = !error.busy && (error.answered || wasThere);
        if (reason === undefined && (late || blames)) throw error;
        wasThere = reason === undefined;
        if (late)
          throw new Unable(`${reason}, for ${seconds} s now. Start this worker again when its photos can be had`);
        if (!told) onWait?.(reason ?? error.message);
        told = true;
      }
      await sleep(pause);
    }
  };
  return { read: patiently, problem };
}
