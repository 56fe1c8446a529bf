const loaded = new Map<string, Promise<void>>();

/** Loads a script, once: a page that was opened from the disk may load nothing else. */
export function loadScript(address: string): Promise<void> {
  const known = loaded.get(address);
  if (known) return known;
  const loading = new Promise<void>((resolve, reject) => {
    const element = document.createElement('script');
    element.src = address;
    element.onload = () => resolve();
    element.onerror = () => {
      loaded.delete(address); // it may be there at the next try
      element.remove();
      reject(new Error(`${address} cannot be loaded`));
    };
    document.head.append(element);
  });
  loaded.set(address, loading);
  return loading;
}

/** Lets a script be loaded again. */
export const forgetScript = (address: string): void => {
  loaded.delete(address);
};
