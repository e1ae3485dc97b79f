// Development command: throws mutated notebooks and cells at parse, discover, edit and convert. An error that is no
// ThothError, and an input that takes more than a second of the processor, end it with the seed that makes it again.
//
// Usage: node tools/node24.mjs core/notebook/tools/fuzz.ts [--count N] [--seed S] [--target parse|discover|edit|convert] [NOTEBOOK…]

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { convertNotebook, discover, editMetadata, parseNotebook } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import { type Random, randomFrom } from "@thoth/testkit";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
  },
});

const CONTEXT = { pythonVersion: "3.12", isLocalModule: (): boolean => false };
const SLOW = 1000;

const PIECES =
  `import |from | as |numpy|a|.|,|*|(|)|[|]|{|}|:|"|'|"""|#|\\|\n|\\\n|\t| |%|%%|!|?|=|==|>=|<|;|@|try:|except ImportError:|
if |else:|elif x:|def f():|class A:|lambda |%%bash|%%writefile a.py|%load_ext |%matplotlib|!pip install |%pip install |conda install |
-r |-i |--pre|--index-url=|git+https://|#egg=|x[a]|; python_version<"3"|$v|{v}|&&|  |print 'x'|await |get_ipython().system("|
subprocess.run([|"pip"|# /// script|# dependencies = []|# ///|>>> |In [1]: |é|😀|\u0000|\u001b[31m|\u202e|{"packages":|null|1e999|-|0|__proto__`
    .split("|")
    .map((piece) => (piece === "\n" ? piece : piece.replace(/^\n/, "")));

function sourceOf(random: Random): string {
  return Array.from({ length: random(40) }, () => PIECES[random(PIECES.length)]!).join("");
}

function documentOf(random: Random): string {
  const cells = Array.from({ length: random(4) }, () => ({
    cell_type: random(100) === 0 ? "x" : ["code", "code", "code", "markdown"][random(4)],
    metadata: {},
    outputs: [],
    source: random(4) === 0 ? [sourceOf(random), sourceOf(random)] : sourceOf(random),
  }));
  const packages = '{"packages":{"a":"*"}}';
  const requirements = random(20) === 0 ? sourceOf(random) : [undefined, packages][random(2)];
  const text = JSON.stringify(
    {
      cells,
      metadata: { requirements, k: { name: sourceOf(random) } },
      nbformat: random(20) === 0 ? 2 + random(3) : 4,
      nbformat_minor: random(7),
    },
    null,
    random(3),
  );
  return random(5) === 0 ? mutated(text, random) : text;
}

/** Some bytes changed, doubled or left out. */
function mutated(text: string, random: Random): string {
  let result = text;
  for (let round = random(6) + 1; round > 0; round--) {
    const at = random(result.length + 1);
    const length = random(12);
    const piece = [PIECES[random(PIECES.length)]!, result.slice(at, at + length).repeat(random(3)), ""][
      random(3)
    ]!;
    result = result.slice(0, at) + piece + result.slice(at + length);
  }
  return result;
}

const TARGETS: Readonly<Record<string, (text: string, random: Random) => void>> = {
  parse: (text) => void parseNotebook(text),
  discover: (text) => void discover(parseNotebook(text), CONTEXT),
  edit: (text, random) => {
    const notebook = parseNotebook(text);
    const key = ["requirements", "thoth", "k"][random(3)]!;
    const bytes = editMetadata(
      notebook,
      new Map([[key, random(2) === 0 ? undefined : { a: [sourceOf(random)] }]]),
    );
    const again = parseNotebook(bytes);
    if (again.cells.some(({ source }, at) => source !== notebook.cells[at]!.source))
      throw new Error("a cell changed");
  },
  convert: (text) => void parseNotebook(convertNotebook(parseNotebook(text), CONTEXT).bytes),
};

function run(name: string): void {
  const target = TARGETS[name]!;
  const seeds = positionals.map((path) => readFileSync(path, "utf8"));
  const count = Number(values.count);
  const first = Number(values.seed);
  let refused = 0;
  let slowest = 0;
  for (let seed = first; seed < first + count; seed++) {
    const random = randomFrom(seed);
    const text =
      seeds.length > 0 && random(2) === 0
        ? mutated(seeds[random(seeds.length)]!, random)
        : documentOf(random);
    const started = process.cpuUsage();
    try {
      target(text, random);
    } catch (error) {
      if (!(error instanceof ThothError)) {
        console.error(`${name}: seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
        process.exitCode = 1;
        return;
      }
      refused++;
    }
    const { user, system } = process.cpuUsage(started);
    const spent = (user + system) / 1000;
    slowest = Math.max(slowest, spent);
    if (spent > SLOW) {
      console.error(`${name}: seed ${seed}: ${spent.toFixed(0)} ms`);
      process.exitCode = 1;
      return;
    }
  }
  console.log(
    `${name}: ${count} inputs, ${refused} refused, none broke; the slowest took ${slowest.toFixed(0)} ms`,
  );
}

for (const name of values.target === undefined ? Object.keys(TARGETS) : [values.target]) run(name);
