import assert from "node:assert/strict";
import { it } from "node:test";
import { randomFrom } from "@thoth/testkit";
import { packTexts, Unpacker } from "../src/packing.ts";

it("unpacks what it packed", () => {
  const random = randomFrom(5);
  const pieces = ['"', "\\", "?", ":", "a", "\n", "é", "\ud800", '":"', "0", ","];
  const text = () => Array.from({ length: random(6) }, () => pieces[random(pieces.length)]!).join("");
  const value = (depth: number): unknown => {
    const kind = random(depth > 2 ? 3 : 5);
    if (kind < 2) return text();
    if (kind === 2) return [1, true, null, -0.5][random(4)];
    if (kind === 3) return Array.from({ length: random(3) }, () => value(depth + 1));
    return { a: value(depth + 1), b: value(depth + 1) };
  };
  const texts = Array.from({ length: 500 }, () => JSON.stringify({ name: text(), value: value(0) }));
  const { texts: packed, skeletons, strings } = packTexts(texts);
  const unpacker = new Unpacker(skeletons, JSON.parse(`[${strings.join(",")}]`) as string[]);
  assert.deepEqual(
    packed.map((one) => unpacker.unpack(one)),
    texts,
  );
});

it("stores once what many say", () => {
  const texts = Array.from({ length: 100 }, (_, place) =>
    JSON.stringify({ name: `n${place}`, type: "INFO" }),
  );
  const { texts: packed, skeletons, strings } = packTexts(texts);
  assert.deepEqual(skeletons, ['{"name":?,"type":?}']);
  assert.deepEqual(strings, ['"INFO"']);
  assert.equal(packed[7], '0\n"n7"\n0');
});
