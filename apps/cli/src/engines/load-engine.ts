// The engine of a name; only that one is loaded.

import type { EngineName } from "../settings/resolution-settings.ts";
import type { Engine } from "./engine.ts";

export async function loadEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case "thoth":
      return (await import("./thoth-engine.ts")).lockWithThoth;
    case "uv":
      return (await import("./uv-engine.ts")).lockWithUv;
    case "pip":
      return (await import("./pip-engine.ts")).lockWithPip;
    case "service":
      return (await import("./service-engine.ts")).lockWithService;
    case "pipenv":
      return (await import("./pipenv-engine.ts")).lockWithPipenv;
    default:
      return name satisfies never;
  }
}
