// The original's own client, as it lies on the Python Package Index.

import { join } from "node:path";
import { installPeers } from "@thoth/testkit";

/** The newest thamos, and what it cannot do with newer ones of. */
const PACKAGES = ["thamos==1.29.1", "packaging<22", "urllib3<2", "setuptools<80"];

/** The program; undefined where it cannot be installed. */
export const thamos = install("thamos");
/** The Python that has it as a library. */
export const thamosPython = install("python");

function install(program: string): string | undefined {
  try {
    return join(installPeers("thamos", PACKAGES), program);
  } catch {
    return undefined;
  }
}
