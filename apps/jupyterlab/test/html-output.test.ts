import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { htmlOf } from "../src/html-output.ts";

describe("the answer of a command as HTML", () => {
  it("has tables, lines, and links to addresses", () => {
    const table = {
      kind: "table",
      headings: ["package", "more"],
      rows: [["idna", "https://osv.dev/PYSEC-2024-60?a=1&b=2"]],
    } as const;
    assert.equal(
      htmlOf([
        { kind: "text", text: "1 vulnerability\n" },
        table,
        { kind: "text", text: "a\nb" },
        { kind: "text", text: "a  1\nb  2" },
      ]),
      `<p>1 vulnerability</p>
<table>
<thead><tr><th style="text-align:left">package</th><th style="text-align:left">more</th></tr></thead>
<tbody>
<tr><td style="text-align:left">idna</td><td style="text-align:left"><a href="https://osv.dev/PYSEC-2024-60?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">https://osv.dev/PYSEC-2024-60?a=1&amp;b=2</a></td></tr>
</tbody>
</table>
<p>a<br>b</p>
<pre>a  1
b  2</pre>`,
    );
    assert.equal(htmlOf([{ kind: "text", text: "a" }]), undefined);
  });

  it("links to nothing else", () => {
    for (const cell of [
      "http://x",
      "javascript:alert(1)",
      " https://x",
      "https://x y",
      'https://x"y',
      "HTTPS://x",
    ])
      assert.doesNotMatch(htmlOf([{ kind: "table", headings: [""], rows: [[cell]] }]) ?? "", /<a /);
  });

  it("has no markup but its own, whatever it is given", () => {
    const hostile = fc.array(
      fc.constantFrom(
        "<",
        ">",
        '"',
        "'",
        "&",
        "https://",
        "img src=x onerror=alert(1)",
        "</td>",
        "<!--",
        "\n",
        "a",
      ),
    );
    const text = hostile.map((parts) => parts.join(""));
    const own =
      /<\/?(?:table|thead|tbody|tr|th|td|p|pre|br)>|<t[hd] style="text-align:left">|<a href="https:\/\/[^"<>\s]*" target="_blank" rel="noopener noreferrer">|<\/a>/g;
    fc.assert(
      fc.property(text, text, text, (heading, cell, line) => {
        const html = htmlOf([
          { kind: "table", headings: [heading], rows: [[cell]] },
          { kind: "text", text: line },
        ]);
        assert.doesNotMatch((html ?? "").replace(own, ""), /[<>"']/);
      }),
      { numRuns: 2_000 },
    );
  });
});
