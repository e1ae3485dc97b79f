// The parts of access that need no database.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Secret } from "@thoth/index";
import { networkOf } from "../src/access/address.ts";
import { BoundedMap } from "../src/access/bounded-map.ts";
import { RateLimiter } from "../src/access/rate-limiter.ts";
import { readAccessSettings } from "../src/access/settings.ts";
import { formatToken, isProvedBy, makeToken, parseToken } from "../src/access/token.ts";
import { makeVault } from "../src/access/vault.ts";

const KEY = Buffer.alloc(32, 3).toString("base64");

describe("the network of an address", () => {
  const cases: Readonly<Record<string, string>> = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "::ffff:c000:207": "192.0.2.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:DB8:1:2::": "2001:db8:1:2::/64",
    "2001:0db8:0001:0002:ffff:ffff:ffff:ffff": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
  };
  for (const [address, network] of Object.entries(cases))
    it(`of ${address} is ${network}`, () => assert.equal(networkOf(address), network));
});

describe("buckets", () => {
  it("let a burst through and then what comes back", () => {
    let now = 0;
    const limiter = new RateLimiter({ burst: 3, perMinute: 60 }, () => now);
    for (let times = 0; times < 3; times++) limiter.take("a");
    assert.throws(() => limiter.take("a"), { code: "quota-exceeded", details: { retryAfter: 1 } });
    limiter.take("b");
    now = 999;
    assert.throws(() => limiter.take("a"), { code: "quota-exceeded" });
    now = 1_000;
    limiter.take("a");
    assert.throws(() => limiter.take("a"), { code: "quota-exceeded" });
    now = 3_600_000;
    for (let times = 0; times < 3; times++) limiter.take("a");
    assert.throws(() => limiter.take("a"), { code: "quota-exceeded" });
  });

  it("tell how long to wait", () => {
    const limiter = new RateLimiter({ burst: 1, perMinute: 4 }, () => 0);
    limiter.take("a");
    assert.throws(() => limiter.take("a"), { details: { retryAfter: 15 } });
  });

  it("are bounded however many addresses come", () => {
    const limiter = new RateLimiter({ burst: 2, perMinute: 1 }, () => 0, 100);
    for (let number = 0; number < 100_000; number++) limiter.take(`address ${number}`);
    assert.equal(limiter.size, 100);
    // Whoever asks on meanwhile is not forgotten.
    for (let number = 0; number < 2; number++) limiter.take("busy");
    for (let number = 0; number < 1_000; number++) {
      limiter.take(`other ${number}`);
      assert.throws(() => limiter.take("busy"), { code: "quota-exceeded" });
    }
  });
});

describe("a bounded map", () => {
  it("forgets what was not used for longest", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.get("a");
    map.set("c", 3);
    assert.deepEqual([map.get("a"), map.get("b"), map.get("c"), map.size], [1, undefined, 3, 2]);
  });
});

describe("a token", () => {
  it("is read as it was written, and nothing like it is", () => {
    const token = makeToken();
    const text = formatToken(token).reveal();
    assert.equal(parseToken(text)?.id, token.id);
    assert.equal(parseToken(text)?.secret.reveal(), token.secret.reveal());
    for (const odd of [
      `${text}a`,
      ` ${text}`,
      `${text}\n`,
      text.slice(0, -1),
      text.replace("thoth_", "THOTH_"),
      "",
    ])
      assert.equal(parseToken(odd), undefined);
  });

  it("is proved by its own secret alone", () => {
    const { secret } = makeToken();
    assert.equal(isProvedBy(undefined, secret), false);
    assert.equal(isProvedBy("", secret), false);
    assert.equal(isProvedBy("00", secret), false);
    assert.equal(isProvedBy("0".repeat(64), secret), false);
  });
});

describe("a vault", () => {
  const vault = makeVault(KEY);
  const sealed = vault.seal(new Secret("hunter2"), "here");

  it("opens what it sealed, at its place", () => {
    assert.equal(vault.open(sealed, "here").reveal(), "hunter2");
    assert.ok(!sealed.includes("hunter2"));
    assert.notEqual(vault.seal(new Secret("hunter2"), "here"), sealed);
  });

  it("opens nothing else", () => {
    const other = makeVault(Buffer.alloc(32, 4).toString("base64"));
    const bytes = Buffer.from(sealed.slice(2), "base64url");
    const changed = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return `1.${copy.toString("base64url")}`;
    });
    assert.throws(() => vault.open(sealed, "there"), { code: "database-failed" });
    assert.throws(() => other.open(sealed, "here"), { code: "database-failed" });
    for (const text of [...changed, "", "1.", sealed.slice(0, 30), sealed.replace("1.", "2.")])
      assert.throws(() => vault.open(text, "here"), { code: "database-failed" });
  });

  it("takes keys of 32 bytes alone, and does not repeat others", () => {
    makeVault(Buffer.alloc(32, 255).toString("base64url"));
    for (const key of [
      "",
      "short",
      Buffer.alloc(16).toString("base64"),
      `${KEY}x`,
      `${KEY},`,
      "!".repeat(44),
    ])
      assert.throws(
        () => makeVault(key),
        ({ code, message }: { code: string; message: string }) =>
          code === "usage" && (key === "" || !message.includes(key)),
      );
  });
});

describe("settings", () => {
  it("have usual values", () => {
    const settings = readAccessSettings({});
    assert.deepEqual(settings.anonymous, ["ask"]);
    assert.equal(settings.oidc, undefined);
    assert.equal(settings.indexes.vault, undefined);
    assert.equal(settings.indexes.isAllowed(new URL("https://pypi.org/simple/")), false);
  });

  const refused: readonly Readonly<Record<string, string>>[] = [
    { THOTH_ANONYMOUS: "admin" },
    { THOTH_ANONYMOUS: "ask,write" },
    { THOTH_PUBLIC_QUOTA: "5" },
    { THOTH_TENANT_QUOTA: "0,5" },
    { THOTH_TOKEN_RATE: "1,-1" },
    { THOTH_FAILURE_RATE: "1,99999999" },
    { THOTH_OIDC_ISSUER: "https://issuer.example" },
    { THOTH_SECRET_KEY: "abc" },
  ];
  for (const variables of refused)
    it(`refuse ${JSON.stringify(variables)}`, () =>
      assert.throws(() => readAccessSettings(variables), { code: "usage" }));
});
