// An index with a few releases of projects that the shipped advisories know, so that there is something to tell of them.

import { buildWheel, type IndexServer, type Offer, startIndex } from "@thoth/testkit";

type Release = readonly [version: string, uploaded: string, ...requires: string[]];

const RELEASES: Readonly<Record<string, readonly Release[]>> = {
  flask: [
    ["1.1.2", "2020-04-03", "werkzeug>=0.15", "jinja2>=2.10.1", "itsdangerous>=0.24", "click>=5.1"],
    ["2.2.5", "2023-05-02", "werkzeug>=2.2.2", "jinja2>=3.0", "itsdangerous>=2.0", "click>=8.0"],
    [
      "3.0.3",
      "2024-04-07",
      "werkzeug>=3.0.0",
      "jinja2>=3.1.2",
      "itsdangerous>=2.1.2",
      "click>=8.1.3",
      "blinker>=1.6.2",
    ],
  ],
  werkzeug: [
    ["1.0.1", "2020-03-31"],
    ["2.2.3", "2023-02-14", "markupsafe>=2.1.1"],
    ["3.0.6", "2024-10-25", "markupsafe>=2.1.1"],
  ],
  jinja2: [
    ["2.11.3", "2021-01-31", "markupsafe>=0.23"],
    ["3.1.2", "2022-04-28", "markupsafe>=2.0"],
    ["3.1.5", "2024-12-21", "markupsafe>=2.0"],
  ],
  markupsafe: [
    ["1.1.1", "2019-02-24"],
    ["2.1.5", "2024-02-02"],
  ],
  itsdangerous: [
    ["1.1.0", "2018-10-27"],
    ["2.2.0", "2024-04-16"],
  ],
  click: [
    ["7.1.2", "2020-04-27"],
    ["8.1.7", "2023-08-17"],
  ],
  blinker: [["1.8.2", "2024-05-06"]],
  requests: [
    ["2.25.1", "2020-12-16", "urllib3>=1.21.1,<1.27", "idna>=2.5,<3", "certifi>=2017.4.17"],
    ["2.32.3", "2024-05-29", "urllib3>=1.21.1,<3", "idna>=2.5,<4", "certifi>=2017.4.17"],
  ],
  urllib3: [
    ["1.26.4", "2021-03-15"],
    ["1.26.20", "2024-08-29"],
    ["2.2.3", "2024-09-12"],
  ],
  idna: [
    ["2.10", "2020-06-27"],
    ["3.10", "2024-09-15"],
  ],
  certifi: [
    ["2020.12.5", "2020-12-05"],
    ["2024.8.30", "2024-08-30"],
  ],
  pyyaml: [
    ["5.3", "2020-01-06"],
    ["6.0.2", "2024-08-06"],
  ],
  "old-client": [
    ["1.0", "2021-05-01", "urllib3<2"],
    ["2.0", "2024-05-01", "urllib3<3"],
  ],
  "new-client": [["4.0", "2024-05-01", "urllib3>=2"]],
  stalled: [["1.0", "2024-05-01"]],
  slowly: [["1.0", "2024-05-01"]],
};

export function startProjects(): Promise<IndexServer> {
  const projects = Object.fromEntries(
    Object.entries(RELEASES).map(([name, releases]) => [
      name,
      releases.map(
        ([version, uploaded, ...requires]): Offer => ({
          artifact: buildWheel({ name, version, requires }),
          uploadTime: `${uploaded}T00:00:00.000000Z`,
        }),
      ),
    ]),
  );
  return startIndex({
    projects,
    faults: {
      "/simple/stalled/": { kind: "stall" },
      "/simple/slowly/": { kind: "slow", bytes: 20, everyMs: 500 },
    },
  });
}

export const OLD_PINS = "flask==1.1.2\nrequests==2.25.1\njinja2==2.11.3\npyyaml\n";
/** Both need a release of urllib3 that the other does not take. */
export const CONFLICT = "old-client==1.0\nnew-client==4.0\n";
