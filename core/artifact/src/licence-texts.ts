// Licences by their texts: words that stand in every copy of one and in no other. What a text adds to a known licence
// (a further condition, a second licence) makes it unknown.

interface Mark {
  readonly licence: string;
  /** All must stand there, in white space and case as normalised. */
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
}

const LONGEST = 256 * 1024;
const NO_WARRANTY = "the software is provided as is, without warranty of any kind";
const BSD_GRANT =
  "redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are met";
const BSD_SOURCE = "redistributions of source code must retain the above copyright notice";
const BSD_BINARY = "redistributions in binary form must reproduce the above copyright notice";
const BSD_NAME = [
  "may be used to endorse or promote products derived from this software without specific prior written permission",
];
const ADVERTISING = "all advertising materials mentioning features";
const GRANT =
  "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted";
const GRANT_OLD = GRANT.replace("and/or", "and");
const NOTICE_KEPT =
  "provided that the above copyright notice and this permission notice appear in all copies";

const MARKS: readonly Mark[] = [
  {
    licence: "MIT",
    has: [
      "permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files",
      "the above copyright notice and this permission notice",
      NO_WARRANTY,
    ],
    lacks: [
      "except as contained in this notice",
      "shall be used for good, not evil",
      "if you use it for commercial",
    ],
  },
  {
    licence: "MIT-0",
    has: [
      "permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files",
      NO_WARRANTY,
    ],
    lacks: ["the above copyright notice and this permission notice", "except as contained"],
  },
  {
    licence: "BSD-3-Clause",
    has: [BSD_GRANT, BSD_SOURCE, BSD_BINARY, ...BSD_NAME],
    lacks: [ADVERTISING, "nuclear", "patent"],
  },
  { licence: "BSD-4-Clause", has: [BSD_GRANT, BSD_SOURCE, BSD_BINARY, ADVERTISING, ...BSD_NAME] },
  {
    licence: "BSD-2-Clause",
    has: [BSD_GRANT, BSD_SOURCE, BSD_BINARY],
    lacks: [ADVERTISING, "endorse or promote", "patent"],
  },
  {
    licence: "Apache-2.0",
    has: [
      "apache license version 2.0, january 2004",
      "terms and conditions for use, reproduction, and distribution",
      "grant of patent license",
    ],
  },
  { licence: "ISC", has: [GRANT, NOTICE_KEPT] },
  { licence: "ISC", has: [GRANT_OLD, NOTICE_KEPT] },
  { licence: "0BSD", has: [GRANT], lacks: [NOTICE_KEPT] },
  {
    licence: "MPL-2.0",
    has: [
      "mozilla public license version 2.0",
      "1.1. contributor means",
      "incompatible with secondary licenses",
    ],
  },
  {
    licence: "Unlicense",
    has: [
      "this is free and unencumbered software released into the public domain",
      "anyone is free to copy, modify, publish",
    ],
  },
  {
    licence: "BSL-1.0",
    has: [
      "boost software license - version 1.0 - august 17th, 2003",
      "permission is hereby granted, free of charge",
    ],
  },
  {
    licence: "Zlib",
    has: [
      "this software is provided as-is, without any express or implied warranty",
      "altered source versions must be plainly marked as such",
    ],
  },
  { licence: "CC0-1.0", has: ["cc0 1.0 universal", "statement of purpose", "affirmer"] },
  { licence: "EPL-2.0", has: ["eclipse public license - v 2.0", "agreement"] },
];

/** The one licence whose text this is; undefined where it is none of the known ones, or more than one. */
export function licenceByText(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const normal = normalised(text);
  const found = new Set(
    MARKS.filter(
      ({ has, lacks = [] }) =>
        has.every((one) => normal.includes(one)) && !lacks.some((one) => normal.includes(one)),
    ).map(({ licence }) => licence),
  );
  const [licence] = found;
  return found.size === 1 ? licence : undefined;
}

function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/["'`“”‘’*]/g, "")
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/(?:^|\n)[ \t]*(?:#|\/\/|\.\.)[ \t]?/g, "\n")
    .replace(/\s+/g, " ");
}
