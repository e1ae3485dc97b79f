// Most releases of a project have files of the same tag sets in the same order. Such a series is a shape, which is kept,
// and judged, once (see record-layout.ts).

import { NO_PYTHON, Numbers, type PageColumns } from "./page-columns.ts";
import { type Ending, type Release, UNNUMBERED } from "./placement.ts";
import { NONE } from "./record-layout.ts";

export interface TagSet {
  readonly interpreter: number;
  readonly platform: number;
}

/** Numbers tag sets, Python bounds and shapes, up to what a u16 column can hold. */
export class Shapes {
  readonly interpreters = new Numbers();
  readonly platforms = new Numbers();
  readonly pythons = new Numbers();
  readonly tagSets: TagSet[] = [];
  /** Number of the Python bound or NONE, of all files in turn. */
  readonly pythonOfFile: number[] = [];
  /** The tag sets of each shape. */
  readonly series: (readonly number[])[] = [];
  readonly #columns: PageColumns;
  /** By the number that the page gives the bound. */
  readonly #pythonNumbers: (number | undefined)[] = [];
  readonly #tagSetNumbers = new Map<number, number>();
  /** Series as paths in a tree: by place and next tag set the next place, by place the shape that ends there. */
  readonly #steps = new Map<number, number>();
  readonly #shapeAt = new Map<number, number>();

  constructor(columns: PageColumns) {
    this.#columns = columns;
  }

  /** The shape of a release, whose files beyond what a column can number are dropped (no honest project has so many). */
  number({ files, endings }: Release): number {
    const series: number[] = [];
    let place = 0;
    for (let index = 0; index < files.length; index++) {
      const file = files[index]!;
      const ending = endings[index]!;
      if (ending.tagSet === UNNUMBERED && !this.#numberEnding(ending)) continue;
      const python = this.#pythonOf(this.#columns.python[file]!);
      if (python === undefined) continue;
      this.pythonOfFile.push(python);
      files[series.length] = file;
      series.push(ending.tagSet);
      place = this.#step(place, ending.tagSet);
    }
    files.length = series.length;
    let shape = this.#shapeAt.get(place);
    if (shape === undefined) {
      shape = this.series.length;
      this.series.push(series);
      this.#shapeAt.set(place, shape);
    }
    return shape;
  }

  #pythonOf(onPage: number): number | undefined {
    if (onPage === NO_PYTHON) return NONE;
    let number = this.#pythonNumbers[onPage];
    if (number === undefined) {
      number = this.pythons.of(this.#columns.pythons[onPage]!);
      this.#pythonNumbers[onPage] = number;
    }
    return number < NONE ? number : undefined;
  }

  /** False when there are too many. */
  #numberEnding(ending: Ending): boolean {
    const interpreter = numberIn(this.interpreters, ending.interpreter);
    const platform = numberIn(this.platforms, ending.platform);
    if (interpreter === undefined || platform === undefined) return false;
    const key = interpreter * 0x10000 + platform;
    let tagSet = this.#tagSetNumbers.get(key);
    if (tagSet === undefined) {
      if (this.tagSets.length >= NONE) return false;
      tagSet = this.tagSets.length;
      this.tagSets.push({ interpreter, platform });
      this.#tagSetNumbers.set(key, tagSet);
    }
    ending.tagSet = tagSet;
    return true;
  }

  #step(place: number, tagSet: number): number {
    const key = place * 0x10000 + tagSet;
    let next = this.#steps.get(key);
    if (next === undefined) {
      next = this.#steps.size + 1;
      this.#steps.set(key, next);
    }
    return next;
  }
}

/** NONE for no text, undefined when there are too many. */
function numberIn(numbers: Numbers, text: string | undefined): number | undefined {
  if (text === undefined) return NONE;
  const number = numbers.of(text);
  return number < NONE ? number : undefined;
}
