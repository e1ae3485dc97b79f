// Services of projects' files that the user lets be asked. A file that comes with somebody's repository may name any.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../files/replace-file.ts";
import type { Invocation } from "../frame/command.ts";
import { dataDirectory } from "../settings/directories.ts";
import { placeOf } from "./service-place.ts";

type Environment = Invocation["environment"];

function pathOf(environment: Environment): string {
  return join(dataDirectory(environment), "trusted-services.json");
}

/** Throws usage for what is no address. */
export function isTrusted(environment: Environment, service: string): boolean {
  return trusted(environment).includes(placeOf(service).origin);
}

/** Throws usage, file-failed. */
export async function setTrust(environment: Environment, service: string, isGiven: boolean): Promise<void> {
  const { origin } = placeOf(service);
  const others = trusted(environment).filter((one) => one !== origin);
  mkdirSync(dataDirectory(environment), { recursive: true });
  const all = isGiven ? [...others, origin] : others;
  await replaceFile(pathOf(environment), `${JSON.stringify(all.sort(), undefined, 2)}\n`);
}

/** Where nothing can be read, nothing is trusted. */
function trusted(environment: Environment): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(pathOf(environment), "utf8"));
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
