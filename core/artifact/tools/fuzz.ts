// Development command: feeds the readers of bytes nearly valid inputs and ends with 1 when one throws anything but a
// ThothError, or takes longer than any input may.
//
//   node tools/node24.mjs core/artifact/tools/fuzz.ts [count] [target…] [--seed=N]

import { ThothError } from "@thoth/pep";
import { type ByteTarget, byteTargets } from "./fuzz-targets.ts";

/** Milliseconds of the processor that one input may take, garbage of others included. */
const LONGEST = 2000;
const MOST_FINDINGS = 10;

/** Reproducible chance; xorshift, 32 bits. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 0x9e3779b9;
  }

  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % limit;
  }
}

/** Numbers that sizes, offsets and counts stumble over. */
const NUMBERS = [0, 1, 2, 4, 8, 16, 255, 256, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

function mutate(seed: Uint8Array, chance: Chance): Uint8Array {
  let bytes = Buffer.from(seed);
  for (let steps = 1 + chance.below(6); steps > 0; steps--) {
    // Headers and tables lie at the beginning of small files; of large ones they may lie anywhere.
    const at = chance.below(chance.below(2) === 0 ? Math.min(bytes.length, 512) || 1 : bytes.length || 1);
    const left = bytes.length - at;
    switch (chance.below(7)) {
      case 0:
        if (left >= 1) bytes[at] = chance.below(256);
        break;
      case 1:
        if (left >= 1) bytes[at]! ^= 1 << chance.below(8);
        break;
      case 2:
        if (left >= 4) bytes.writeUInt32LE(NUMBERS[chance.below(NUMBERS.length)]!, at);
        break;
      case 3:
        if (left >= 4) bytes.writeUInt32BE(NUMBERS[chance.below(NUMBERS.length)]!, at);
        break;
      case 4:
        if (left >= 2) bytes.writeUInt16LE(NUMBERS[chance.below(NUMBERS.length)]! & 0xffff, at);
        break;
      case 5:
        bytes = bytes.subarray(0, at);
        break;
      default: {
        const to = chance.below(bytes.length || 1);
        bytes.copyWithin(to, at, at + 1 + chance.below(64));
      }
    }
  }
  return bytes;
}

function fuzz(target: ByteTarget, count: number, seed: number): boolean {
  const chance = new Chance(seed * 2654435761 + target.name.length);
  const begin = performance.now();
  let read = 0;
  let slowest = 0;
  const findings: string[] = [];
  Error.stackTraceLimit = 0;
  for (let index = 0; index < count && findings.length < MOST_FINDINGS; index++) {
    const input = mutate(target.seeds[chance.below(target.seeds.length)]!, chance);
    const before = performance.now();
    try {
      target.run(input);
      read++;
    } catch (error) {
      if (!(error instanceof ThothError))
        findings.push(`${String(error)}\n  ${Buffer.from(input).toString("base64").slice(0, 2000)}`);
    }
    const took = performance.now() - before;
    slowest = Math.max(slowest, took);
    if (took > LONGEST) findings.push(`took ${took.toFixed(0)} ms`);
  }
  const seconds = (performance.now() - begin) / 1000;
  console.log(
    `${target.name}: ${count} inputs, ${read} read, ${seconds.toFixed(1)} s, slowest ${slowest.toFixed(1)} ms, ${findings.length} findings`,
  );
  for (const finding of findings) console.log(`  ${finding}`);
  return findings.length === 0;
}

const words = process.argv.slice(2);
const seed = Number(words.find((word) => word.startsWith("--seed="))?.slice(7) ?? 1);
const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 100_000);
const names = words.filter((word) => /^[a-z]/.test(word));
const chosen = byteTargets().filter(({ name }) => names.length === 0 || names.includes(name));
const results = chosen.map((target) => fuzz(target, count, seed));
process.exitCode = results.every(Boolean) ? 0 : 1;
