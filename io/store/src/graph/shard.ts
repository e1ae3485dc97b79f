// Where the facts of an owner lie: its shard, by a hash that is the same on every machine (FNV-1a, 32 bits).

export const SHARDS = 64;

export function shardOf(owner: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(owner)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SHARDS;
}
