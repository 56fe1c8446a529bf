export function pip(python: string, command: string, ...args: string[]): Promise<string>;
