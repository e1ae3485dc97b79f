// All text that people read passes here, so that it can be read in their own language. JupyterLab's translation bundles have
// this shape: `%1` stands for the first part.

export interface Translator {
  __(text: string, ...parts: readonly unknown[]): string;
  /** `%1` is the count. */
  _n(one: string, many: string, count: number, ...parts: readonly unknown[]): string;
}

export const english: Translator = {
  __: (text, ...parts) => filled(text, parts),
  _n: (one, many, count, ...parts) => filled(count === 1 ? one : many, [count, ...parts]),
};

function filled(text: string, parts: readonly unknown[]): string {
  return text.replace(/%(\d)/g, (whole, place: string) => {
    const part = parts[Number(place) - 1];
    return part === undefined ? whole : String(part);
  });
}
