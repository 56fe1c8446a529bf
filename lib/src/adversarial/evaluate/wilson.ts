/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % interval for a share of `successes` out of `n`: unlike the usual one it stays within 0 and 1, and has
 * a width where none or all succeeded (Wilson, 1927).
 */
export function wilsonInterval(successes: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = successes / n;
  const centre = share + Z * Z / (2 * n);
  const half = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
  const scale = 1 + Z * Z / n;
  // All of n gives 1 and none gives 0: where rounding would miss that by a bit, it is set.
  return [successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    successes === n ? 1 : Math.min(1, (centre + half) / scale)];
}
