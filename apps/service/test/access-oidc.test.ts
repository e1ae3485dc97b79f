// Tokens of another issuer: a server of the test's own, with keys that it makes.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { Access } from "../src/access/access.ts";
import { bootstrapToken } from "../src/access/bootstrap-token.ts";
import { OidcIssuer } from "../src/access/oidc.ts";
import { readAccessSettings } from "../src/access/settings.ts";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { makeTenant, openRig, type Rig } from "./access-rig.ts";

const AUDIENCE = "https://thoth.example";
const HOUR = 3600;

class Issuer {
  readonly #server: Server;
  url = "";
  /** What it answers; changed by tests. */
  keys: object[] = [];
  told: string | undefined;
  down = false;
  asked = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked++;
      response.statusCode = this.down ? 503 : 200;
      const isConfiguration = request.url === "/.well-known/openid-configuration";
      const configuration = { issuer: this.told ?? this.url, jwks_uri: `${this.url}/keys` };
      response.end(JSON.stringify(isConfiguration ? configuration : { keys: this.keys }));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Making {
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly kid?: string | undefined;
  readonly claims?: JWTPayload;
  readonly without?: readonly string[];
}

describe("tokens of another issuer", () => {
  const issuer = new Issuer();
  let database: Database;
  let rig: Rig;
  let pair: { publicKey: CryptoKey; privateKey: CryptoKey };

  const now = () => Math.floor(Date.now() / 1000);
  const make = async ({
    key,
    alg = "ES256",
    kid = "one",
    claims = {},
    without = [],
  }: Making = {}): Promise<string> => {
    const usual: JWTPayload = {
      iss: issuer.url,
      aud: AUDIENCE,
      sub: "joe",
      iat: now(),
      exp: now() + HOUR,
      tenant: "team",
      scope: "openid thoth:ask thoth:read admin",
      ...claims,
    };
    const payload = Object.fromEntries(Object.entries(usual).filter(([name]) => !without.includes(name)));
    return await new SignJWT(payload)
      .setProtectedHeader(kid === undefined ? { alg } : { alg, kid })
      .sign(key ?? pair.privateKey);
  };
  const ask = async (token: string) => await rig.call("GET", "/api/v2/tenant", { token });

  before(async () => {
    await issuer.start();
    pair = await generateKeyPair("ES256", { extractable: true });
    issuer.keys = [{ ...(await exportJWK(pair.publicKey)), kid: "one", alg: "ES256", use: "sig" }];
    database = await openDatabase(":memory:");
    const admin = (await bootstrapToken(database))?.reveal() ?? "";
    const variables = {
      THOTH_OIDC_ISSUER: issuer.url,
      THOTH_OIDC_AUDIENCE: AUDIENCE,
      THOTH_FAILURE_RATE: "1000,1000",
    };
    rig = await openRig(database, { variables });
    await makeTenant(rig, admin, "team");
    await makeTenant(rig, admin, "other");
  });
  after(async () => {
    await rig?.close();
    await database?.close();
    issuer.stop();
  });

  it("let in with their tenant and scopes", async () => {
    const answer = await ask(await make());
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.name, "team");
    // `admin` without the prefix is somebody else's word.
    for (const path of ["/api/v2/audit", "/api/v2/tokens"])
      assert.equal((await rig.call("GET", path, { token: await make() })).status, 403);
    const body = { name: "x" };
    assert.equal((await rig.call("POST", "/api/v2/tenants", { token: await make(), body })).status, 403);
  });

  it("may have scopes as a list, and audiences too", async () => {
    const token = await make({ claims: { scope: ["thoth:read", "thoth:write"], aud: ["x", AUDIENCE] } });
    assert.equal((await rig.call("GET", "/api/v2/audit", { token })).status, 200);
  });

  it("are told apart in the audit trail", async () => {
    const token = await make({ claims: { scope: "thoth:write" } });
    const body = { name: "t", scopes: ["write"] };
    assert.equal((await rig.call("POST", "/api/v2/tokens", { token, body })).status, 201);
    const audit = await rig.call("GET", "/api/v2/audit", { token });
    assert.equal(audit.body.items[0].actor, "oidc:joe");
  });

  it("are good within the tolerance of clocks", async () => {
    assert.equal((await ask(await make({ claims: { exp: now() - 10 } }))).status, 200);
    assert.equal((await ask(await make({ claims: { nbf: now() + 10 } }))).status, 200);
  });

  it("ask the issuer for its keys once", async () => {
    await ask(await make());
    const before = issuer.asked;
    for (let times = 0; times < 20; times++)
      await ask(await make({ kid: times % 2 === 0 ? "one" : `unknown${times}` }));
    assert.ok(issuer.asked - before <= 1);
  });

  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = () => ({
    iss: issuer.url,
    aud: AUDIENCE,
    sub: "joe",
    iat: now(),
    exp: now() + HOUR,
    tenant: "team",
    scope: "thoth:read thoth:admin",
  });
  const hmac = (header: object, key: string | Buffer) => {
    const text = `${base64(header)}.${base64(claims())}`;
    return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
  };

  const refused: Readonly<Record<string, () => Promise<string>>> = {
    "another audience": () => make({ claims: { aud: "https://other.example" } }),
    "no audience": () => make({ without: ["aud"] }),
    "another issuer": () => make({ claims: { iss: "https://evil.example" } }),
    "an issuer with a slash": () => make({ claims: { iss: `${issuer.url}/` } }),
    "no issuer": () => make({ without: ["iss"] }),
    "an end that is past": () => make({ claims: { exp: now() - HOUR } }),
    "no end": () => make({ without: ["exp"] }),
    "an end that is no number": () => make({ claims: { exp: "never" as unknown as number } }),
    "a beginning that is to come": () => make({ claims: { nbf: now() + HOUR } }),
    "no time of issue": () => make({ without: ["iat"] }),
    "no subject": () => make({ without: ["sub"] }),
    "an empty subject": () => make({ claims: { sub: "" } }),
    "an endless subject": () => make({ claims: { sub: "s".repeat(300) } }),
    "no tenant": () => make({ without: ["tenant"] }),
    "an unknown tenant": () => make({ claims: { tenant: "nobody" } }),
    "the tenant of everybody": () => make({ claims: { tenant: "public" } }),
    "the tenant of the operator": () => make({ claims: { tenant: "operator" } }),
    "a list of tenants": () => make({ claims: { tenant: ["team", "other"] } }),
    "an unknown key": () => make({ kid: "two" }),
    "a key of its own": async () => make({ key: (await generateKeyPair("ES256")).privateKey }),
    "another algorithm": async () => make({ alg: "ES384", key: (await generateKeyPair("ES384")).privateKey }),
    "another algorithm's key under our kid": async () =>
      make({ alg: "RS256", key: (await generateKeyPair("RS256")).privateKey }),
    "no algorithm": async () => `${base64({ alg: "none", kid: "one" })}.${base64(claims())}.`,
    "no algorithm, in other letters": async () =>
      `${base64({ alg: "nOnE", kid: "one" })}.${base64(claims())}.`,
    "the public key as the secret of HS256 (PEM)": async () =>
      hmac({ alg: "HS256", kid: "one" }, await exportSPKI(pair.publicKey)),
    "the public key as the secret of HS256 (JWK)": async () =>
      hmac({ alg: "HS256", kid: "one" }, JSON.stringify(issuer.keys[0])),
    "an empty secret of HS256": async () => hmac({ alg: "HS256", kid: "one" }, ""),
    "a key that it brings itself": async () => {
      const own = await generateKeyPair("ES256", { extractable: true });
      return await new SignJWT(claims())
        .setProtectedHeader({ alg: "ES256", jwk: await exportJWK(own.publicKey) } as { alg: string })
        .sign(own.privateKey);
    },
    "a place of keys that it brings itself": async () => {
      const own = await generateKeyPair("ES256");
      const header = { alg: "ES256", kid: "own", jku: `${issuer.url}/evil` };
      return await new SignJWT(claims()).setProtectedHeader(header).sign(own.privateKey);
    },
    "a critical header that nobody knows": async () => {
      const good = await make();
      const [, payload, signature] = good.split(".");
      return `${base64({ alg: "ES256", kid: "one", crit: ["exp"] })}.${payload}.${signature}`;
    },
    "claims that were changed": async () => {
      const [header, , signature] = (await make()).split(".");
      return `${header}.${base64({ ...claims(), tenant: "other" })}.${signature}`;
    },
    "no signature": async () => `${(await make()).split(".").slice(0, 2).join(".")}.`,
    "five parts": async () => `${await make()}.x.y`,
    "more than may be": () => make({ claims: { more: "x".repeat(10_000) } }),
    "nothing like a token": async () => "a.b.c",
  };
  for (const [name, token] of Object.entries(refused))
    it(`are refused with ${name}`, async () => {
      const answer = await ask(await token());
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.body.detail, "the token is not valid");
    });

  it("are no reason to keep others out while the issuer is away", async () => {
    issuer.down = true;
    const away = await openRig(database, {
      variables: { THOTH_OIDC_ISSUER: issuer.url, THOTH_OIDC_AUDIENCE: AUDIENCE, THOTH_ANONYMOUS: "read" },
    });
    try {
      const token = await make();
      const answer = await away.call("GET", "/api/v2/tenant", { token });
      assert.equal(answer.status, 503);
      assert.equal(answer.body.code, "service-unreachable");
      assert.ok(answer.headers.get("retry-after"));
      const before = issuer.asked;
      await away.call("GET", "/api/v2/tenant", { token });
      assert.equal(issuer.asked, before);
      assert.equal((await away.call("GET", "/api/v2/tenant")).status, 200);
    } finally {
      await away.close();
      issuer.down = false;
    }
  });

  it("are not taken where the configuration is of another issuer", async () => {
    issuer.told = "https://evil.example";
    const settings = readAccessSettings({ THOTH_OIDC_ISSUER: issuer.url, THOTH_OIDC_AUDIENCE: AUDIENCE });
    const access = await Access.open(database, settings);
    const authorization = `Bearer ${await make()}`;
    const asked = access.identify({ authorization, token: undefined, address: "192.0.2.1" });
    await assert.rejects(asked, { code: "service-unreachable" });
    issuer.told = undefined;
  });

  it("need an issuer that is protected, or on this machine", () => {
    const settings = { audience: "a", tenantClaim: "t", scopeClaim: "s", scopePrefix: "" };
    for (const bad of ["http://issuer.example", "ftp://127.0.0.1", "issuer", "http://127.0.0.1.evil.example"])
      assert.throws(() => new OidcIssuer({ ...settings, issuer: bad }), { code: "usage" });
    new OidcIssuer({ ...settings, issuer: "https://issuer.example/realm" });
  });
});
