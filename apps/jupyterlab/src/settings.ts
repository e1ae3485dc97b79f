// What JupyterLab's settings say where neither the user nor the notebook says another.

import type { Choices } from "@thoth/views";

/** `composite` of the plugin's settings; whatever is in it, since people write it by hand. */
export type Settings = Readonly<Record<string, unknown>>;

export function usualChoices(settings: Settings): Choices {
  const text = (key: string, otherwise: string) => {
    const value = settings[key];
    return typeof value === "string" ? value : otherwise;
  };
  return {
    type: text("recommendationType", "latest"),
    engine: text("engine", "thoth"),
    python: text("pythonVersion", ""),
    platform: text("platform", ""),
    prerelease: text("prerelease", "if-necessary"),
    // Of one notebook at a time.
    asOf: "",
    review: settings["review"] === true,
  };
}
