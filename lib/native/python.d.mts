export function pythonOf(venv: string): string;
export function makeVenv(folder: string, least?: number, most?: number): Promise<string>;
