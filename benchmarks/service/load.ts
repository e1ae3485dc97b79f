// A load from another process.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface LoadOptions {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; as many as go where it is left out. */
  readonly rate?: number;
}

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly answered: number;
  readonly shed: number;
  readonly other: number;
}

const generator = fileURLToPath(new URL("load-generator.ts", import.meta.url));

export async function load(options: LoadOptions): Promise<Load> {
  const child = spawn(process.execPath, [generator, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (part: Buffer) => {
    said += part.toString("utf8");
  });
  const status = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (status !== 0) throw new Error(`the load ended with ${status}`);
  return JSON.parse(said) as Load;
}
