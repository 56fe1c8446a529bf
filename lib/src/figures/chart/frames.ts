/**
 * Which states of a run of `length` an animation shows, when it can show at most `atMost`: the first and the last
 * always (of one alone the last), and closer together at the beginning, where a descent moves most. Increasing, without repeats.
 */
export function pickFrames(length: number, atMost = 60): number[] {
  if (length <= atMost) return Array.from({ length }, (_, i) => i);
  const last = length - 1;
  if (atMost === 1) return [last];
  // Between even steps (exponent 1) and steps that all lie at the start: squares keep both ends legible.
  const picked = Array.from({ length: atMost }, (_, i) => Math.round(last * (i / (atMost - 1)) ** 2));
  // Near the start squares round to the same state: spread those over the next free ones.
  for (let i = 1; i < picked.length; i++) picked[i] = Math.max(picked[i]!, picked[i - 1]! + 1);
  return picked.map((index) => Math.min(index, last)).filter((index, i, all) => index !== all[i - 1]);
}
