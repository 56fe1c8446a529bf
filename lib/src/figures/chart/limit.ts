/** A figure's JSON takes at most this, so that a notebook with ten of them stays small. In bytes. */
export const FIGURE_LIMIT = 300_000;
