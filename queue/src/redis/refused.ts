import { z } from 'zod';
import { oneLine } from '../one-line';

/** What a worker leaves on a job that it does not do: why, who it is, and whether it ends. */
const refusal = z.object({
  refused: z.string().transform((text) => oneLine(text)),
  by: z.string().transform((text) => oneLine(text, 100)),
  ends: z.boolean(),
});

/** The refusal in a job's progress, which may be anybody's; undefined where there is none. */
export const refusalIn = (progress: unknown): z.infer<typeof refusal> | undefined => refusal.safeParse(progress).data;

/**
 * Milliseconds for which a job that has been refused so many times is left to others, at first a second, then a minute:
 * its run offers it again as soon as it sees a worker that may do it.
 */
export const pauseAfter = (times: number): number => Math.min(1000 * 4 ** (times - 1), 60_000);
