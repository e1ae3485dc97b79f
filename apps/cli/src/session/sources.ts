// The bytes that knowledge was read from, for whoever wants to tell later whether it was the same.

const sources = new WeakMap<object, readonly Uint8Array[]>();

export function rememberSource<T extends object>(read: T, ...bytes: readonly Uint8Array[]): T {
  sources.set(read, bytes);
  return read;
}

/** Empty for what was not remembered. */
export function sourcesOf(read: object): readonly Uint8Array[] {
  return sources.get(read) ?? [];
}
