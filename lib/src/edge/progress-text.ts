/** How far something has come. */
export interface ProgressState {
  label: string;
  unit: string;
  done: number;
  /** Undefined where nobody knows. */
  total?: number;
  /** Milliseconds since the beginning. */
  elapsed: number;
  note?: string;
}

/** While it runs: `fit  ██░░░░  30 %  300/1000 iterations  120/s  0:06 left  loss 3`, in at most `width` characters. */
export function runningText({ label, unit, done, total, elapsed, note }: ProgressState, width = 100): string {
  const rate = elapsed > 0 ? (1000 * done) / elapsed : 0;
  const share = total ? Math.min(1, done / total) : undefined;
  const parts = [
    total === undefined ? `${done} ${unit}` : `${done}/${total} ${unit}`,
    rate > 0 && `${Number(rate.toPrecision(3))}/s`,
    rate > 0 && total !== undefined && `${duration((total - done) / rate)} left`,
    note,
  ]
    .filter(Boolean)
    .join('  ');
  if (share === undefined) return `${label}  ${parts}`.slice(0, width);
  const around = `${label}    ${percent(share)}  ${parts}`.length;
  const cells = Math.min(20, width - around);
  const bar = cells < 4 ? '' : `${'█'.repeat(Math.floor(share * cells)).padEnd(cells, '░')}  `;
  return `${label}  ${bar}${percent(share)}  ${parts}`.slice(0, width);
}

/** Once it is over: no rate and no time, so that another run leaves the same words. */
export function finishedText({ label, unit, done, total, note }: ProgressState): string {
  const amount = total === undefined || done >= total ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
  return [`${label}: ${amount}`, note].filter(Boolean).join(', ');
}

const percent = (share: number): string => `${Math.floor(100 * share)} %`.padStart(5);

/** `0:42`, `1:02:03`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}
