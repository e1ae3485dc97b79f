// Whether the process in this container answers: the API, or a worker that tells its metrics. Exit status 0 or 1.

import { get } from "node:http";
import { get as getTls } from "node:https";

const { THOTH_PORT, THOTH_WORKER_PORT } = process.env;
const places = [
  [get, "http", THOTH_PORT || 8080],
  [getTls, "https", THOTH_PORT || 8080],
  [get, "http", THOTH_WORKER_PORT || 9090],
];

function answers([ask, scheme, port]) {
  return new Promise((resolve) => {
    // The certificate names the service, not this machine.
    const options = { timeout: 2000, rejectUnauthorized: false };
    const request = ask(`${scheme}://127.0.0.1:${port}/healthz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

const found = await Promise.all(places.map(answers));
process.exit(found.includes(true) ? 0 : 1);
