/** The module that a cell's error says is not there: as Python says it, or pandas of what it needs for one of its functions. */
export function missingModule(name: string, value: string): string | undefined {
  const [, missing] =
    (name === "ModuleNotFoundError" && /^No module named '([\w.]+)'/.exec(value)) ||
    (name === "ImportError" &&
      /^(?:`Import \w+` failed\. ?)?Missing optional dependency '([\w.]+)'/.exec(value)) ||
    [];
  return missing?.split(".")[0];
}
