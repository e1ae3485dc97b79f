import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { readSqliteTable } from "@thoth/artifact";
import { ThothError } from "@thoth/pep";
import fc from "fast-check";

interface Table {
  readonly pageSize: number;
  readonly rows: readonly (readonly [text: string | null, blob: Uint8Array, number: number])[];
}

const length = fc.oneof({ weight: 8, arbitrary: fc.nat(60) }, { weight: 2, arbitrary: fc.nat(9000) });
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((one) => !one.includes("\0"));
const tables: fc.Arbitrary<Table> = fc.record({
  pageSize: fc.constantFrom(512, 1024, 4096, 65_536),
  rows: fc.array(
    fc.tuple(
      fc.option(text, { nil: null }),
      length.map((size) => Uint8Array.from({ length: size }, (_, index) => (index * 7) % 251)),
      fc.oneof(
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      ),
    ),
    { maxLength: 60 },
  ),
});

function write({ pageSize, rows }: Table): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "thoth-sqlite-"));
  try {
    const path = join(folder, "x.sqlite");
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE Other(x); BEGIN`);
    database.exec("CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, a TEXT, blob BLOB, n)");
    const statement = database.prepare("INSERT INTO Packages(a, blob, n) VALUES (?, ?, ?)");
    for (const [text, blob, number] of rows) statement.run(text, blob, number);
    database.exec("COMMIT");
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a table of SQLite", () => {
  test("is read as it was written, whatever the sizes of rows and pages", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const read = [...readSqliteTable(write(table), "Packages")];
        assert.deepEqual(
          read.map(({ rowid, values }) => [
            rowid,
            values[0],
            values[1],
            Buffer.from(values[2] as Uint8Array).toString("hex"),
            values[3],
          ]),
          table.rows.map(([text, blob, number], index) => [
            index + 1,
            null,
            text,
            Buffer.from(blob).toString("hex"),
            number,
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("that is not there is refused", () => {
    assert.throws(
      () => [...readSqliteTable(write({ pageSize: 512, rows: [] }), "Nobody")],
      (error: ThothError) => error.code === "invalid-binary",
    );
  });

  test("that was changed is read or refused, and its pages are entered once", () => {
    const rows = Array.from(
      { length: 80 },
      (_, index) => [`t${index}`, new Uint8Array(index * 31), index] as const,
    );
    const bytes = write({ pageSize: 512, rows });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        try {
          for (const _ of readSqliteTable(changed, "Packages"));
        } catch (error) {
          assert.ok(error instanceof ThothError, String(error));
        }
      }),
    );
  });
});
