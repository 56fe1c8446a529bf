// In a page: what ../figures/chart/limit.ts is in Node. No file has to hold the figure, and its pictures are PNG.
export const FIGURE_LIMIT = 3_000_000;
