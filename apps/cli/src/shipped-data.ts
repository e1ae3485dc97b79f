// Files that come with the program: `data` lies beside the sources and beside the bundle alike.

import { join } from "node:path";

export function shippedData(name: string): string {
  return join(import.meta.dirname, "..", "data", name);
}
