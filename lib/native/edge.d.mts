export function stopCode(): number | undefined;
export function endNow(): never;
export function endInOrder(options?: { patient?: boolean }): void;
