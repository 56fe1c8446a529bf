/**
 * Which states of a run of `length` an animation shows, when it can show at most `atMost`: the first third one by one, so
 * that it is seen what a single step does, then farther and farther apart, at round numbers where they are far enough apart,
 * so that the slider's labels can be read, and always the last (of one alone the last). Increasing, without repeats.
 */
export function pickFrames(length: number, atMost = 60): number[] {
  if (length <= atMost) return Array.from({ length }, (_, i) => i);
  const last = length - 1;
  if (atMost === 1) return [last];
  const single = Math.ceil(atMost / 3);
  const rest = atMost - single;
  // On from the last single step by one a frame, and by more and more: a parabola through the end.
  const growth = (last - (single - 1) - rest) / rest ** 2;
  const at = (after: number): number => single - 1 + after + growth * after ** 2;
  return Array.from({ length: atMost }, (_, i) => {
    const after = i - (single - 1);
    return after <= 0 ? i : i === atMost - 1 ? last : roundTo(at(after), at(after) - at(after - 1));
  });
}

/** A number rounded to the largest of 1, 2, 5, 10, 20 ... that is no wider than a third of a step: steps stay about even. */
function roundTo(value: number, step: number): number {
  const unit = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((one) => one <= step / 3).at(-1) ?? 1;
  return unit * Math.round(value / unit);
}

/** So many indices at most, evenly, the last one, and those that must be there: which points a curve is drawn with. */
export function pickEvenly(length: number, atMost: number, needed: readonly number[] = []): number[] {
  const step = Math.max(1, Math.ceil(length / atMost));
  const evenly = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return [...new Set([...evenly, ...needed, length - 1])].sort((a, b) => a - b);
}
