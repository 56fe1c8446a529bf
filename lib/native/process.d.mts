/** A process: its number and, where the system tells it, when it began. */
export interface Identity {
  pid: number;
  began: string | undefined;
}
export function identify(pid: number): Identity;
export function runs(process: Identity): boolean;
