// When each CPython was released: of its minor versions each patch level that has a date, in their order. From the release
// schedules: https://peps.python.org/topic/release/

const RELEASES: Readonly<Record<string, string>> = {
  "2.7": "2010-07-03",
  "3.3": "2012-09-29",
  "3.4": "2014-03-16",
  "3.5":
    "2015-09-13 2015-12-06 2016-06-26 2017-01-17 2017-08-08 2018-02-04 2018-08-02 2019-03-18 2019-10-29 2019-11-01 2020-09-05",
  "3.6":
    "2016-12-23 2017-03-21 2017-07-17 2017-10-03 2017-12-19 2018-03-28 2018-06-27 2018-10-20 2018-12-24 2019-07-02 2019-12-18 2020-06-27 2020-08-17 2021-02-15 2021-06-28 2021-09-04",
  "3.7":
    "2018-06-27 2018-10-20 2018-12-24 2019-03-25 2019-07-08 2019-10-15 2019-12-18 2020-03-10 2020-06-27 2020-08-17 2021-02-15 2021-06-28 2021-09-04 2022-03-16 2022-09-06 2022-10-11 2022-12-06 2023-06-06",
  "3.8":
    "2019-10-14 2019-12-18 2020-02-24 2020-05-13 2020-07-13 2020-07-20 2020-09-24 2020-12-21 2021-02-19 2021-04-02 2021-05-03 2021-06-28 2021-08-30 2022-03-16 2022-09-06 2022-10-11 2022-12-06 2023-06-06 2023-08-24 2024-03-19 2024-09-06",
  "3.9":
    "2020-10-05 2020-12-07 2021-02-19 2021-04-02 2021-04-04 2021-05-03 2021-06-28 2021-08-30 2021-11-05 2021-11-15 2022-01-14 2022-03-16 2022-03-23 2022-05-17 2022-09-06 2022-10-11 2022-12-06 2023-06-06 2023-08-24 2024-03-19 2024-09-06 2024-12-03 2025-04-08 2025-06-03 2025-10-09 2025-10-31",
  "3.10":
    "2021-10-04 2021-12-06 2022-01-14 2022-03-16 2022-03-24 2022-06-06 2022-08-02 2022-09-06 2022-10-11 2022-12-06 2023-02-08 2023-04-05 2023-06-06 2023-08-24 2024-03-19",
  "3.11":
    "2022-10-24 2022-12-06 2023-02-08 2023-04-05 2023-06-06 2023-08-24 2023-10-02 2023-12-04 2024-02-06 2024-04-02 2024-09-07 2024-12-03",
  "3.12":
    "2023-10-02 2023-12-07 2024-02-06 2024-04-09 2024-06-06 2024-08-06 2024-09-06 2024-10-01 2024-12-03 2025-02-04 2025-04-08 2025-06-03",
  "3.13": "2024-10-07",
  "3.14": "2025-10-07",
};

/** How long after a Python's first release most packages had wheels for it. */
const MONTHS_TO_WHEELS = 6;
const YEARS_OF_LIFE = 5;

/** In seconds since 1970. Of a patch level that is not listed: the last one before it. Undefined: not known. */
export function pythonReleased(version: string): number | undefined {
  const [, minor = "", patch = "0"] = /^(\d+\.\d+)(?:\.(\d+))?$/.exec(version) ?? [];
  if (!Object.hasOwn(RELEASES, minor)) return undefined;
  const days = (RELEASES[minor] as string).split(" ");
  return secondsOf(days[Math.min(Number(patch), days.length - 1)] as string);
}

/** When most packages had wheels for a minor version. */
export function pythonUsable(minor: string): number | undefined {
  const released = pythonReleased(minor);
  if (released === undefined) return undefined;
  const date = new Date(released * 1000);
  date.setUTCMonth(date.getUTCMonth() + MONTHS_TO_WHEELS);
  return date.getTime() / 1000;
}

/** When nobody mends a minor version any more, and packages leave it: five years after its release. */
export function pythonEnded(minor: string): number | undefined {
  const released = pythonReleased(minor);
  if (released === undefined) return undefined;
  const date = new Date(released * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + YEARS_OF_LIFE);
  return date.getTime() / 1000;
}

/** The minor versions of Python 3 that most packages had wheels for at that time, the newest first. */
export function pythonsOfTime(seconds: number): readonly string[] {
  return Object.keys(RELEASES)
    .filter((minor) => minor.startsWith("3.") && (pythonUsable(minor) as number) <= seconds)
    .reverse();
}

/** The end of that day: what was uploaded on it exists. */
function secondsOf(day: string): number {
  return Date.parse(`${day}T23:59:59Z`) / 1000;
}
