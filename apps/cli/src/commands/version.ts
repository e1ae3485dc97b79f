// `thoth version`, `horus version`.

import type { Handler } from "../frame/command.ts";
import { VERSION } from "../frame/version.ts";

export function versionCommand(name: "thoth" | "horus"): Handler {
  return async ({ terminal }) => {
    terminal.document({ name, version: VERSION, node: process.versions.node });
    terminal.result(`${name} ${VERSION}`);
    return 0;
  };
}
