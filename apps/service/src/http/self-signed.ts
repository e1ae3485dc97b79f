// A certificate of the service's own, for where there is no other: kept, so that who trusts it once can go on doing so.

import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

export interface KeyAndCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** Days. */
const VALID = 365;
const DAY = 86_400_000;

/** Made where the folder has none. It is for `localhost`, and this machine's loopback addresses. */
export async function selfSigned(folder: string): Promise<KeyAndCertificate> {
  const [keyFile, certFile] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  if (existsSync(keyFile) && existsSync(certFile))
    return { key: await readFile(keyFile, "utf8"), cert: await readFile(certFile, "utf8") };
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + VALID * DAY),
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(keyFile, key, { mode: 0o600 });
  await writeFile(certFile, cert);
  return { key, cert };
}
