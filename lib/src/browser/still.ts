// In a page: what ../edge/still.ts is in Node. The chart is drawn at once, so it needs no still.
export const still = (): Promise<Record<string, string>> => Promise.resolve({});
