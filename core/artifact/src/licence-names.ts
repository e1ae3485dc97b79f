// What people write for a licence, where it can mean one licence only. The classifiers are those of
// https://pypi.org/classifiers/; one that leaves a version or a variant open is left out: "BSD License",
// "Apache Software License", "GNU General Public License (GPL)".

/** By what stands behind the last `::`. */
const CLASSIFIERS = `
0BSD|Zero-Clause BSD (0BSD)
AGPL-3.0-only|GNU Affero General Public License v3
AGPL-3.0-or-later|GNU Affero General Public License v3 or later (AGPLv3+)
BSL-1.0|Boost Software License 1.0 (BSL-1.0)
BlueOak-1.0.0|Blue Oak Model License (BlueOak-1.0.0)
CC0-1.0|CC0 1.0 Universal (CC0 1.0) Public Domain Dedication
CDDL-1.0|Common Development and Distribution License 1.0 (CDDL-1.0)
CECILL-2.1|CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)
CECILL-B|CeCILL-B Free Software License Agreement (CECILL-B)
CECILL-C|CeCILL-C Free Software License Agreement (CECILL-C)
EPL-1.0|Eclipse Public License 1.0 (EPL-1.0)
EPL-2.0|Eclipse Public License 2.0 (EPL-2.0)
EUPL-1.1|European Union Public Licence 1.1 (EUPL 1.1)
EUPL-1.2|European Union Public Licence 1.2 (EUPL 1.2)
GPL-2.0-only|GNU General Public License v2 (GPLv2)
GPL-2.0-or-later|GNU General Public License v2 or later (GPLv2+)
GPL-3.0-only|GNU General Public License v3 (GPLv3)
GPL-3.0-or-later|GNU General Public License v3 or later (GPLv3+)
HPND|Historical Permission Notice and Disclaimer (HPND)
ISC|ISC License (ISCL)
LGPL-2.0-only|GNU Lesser General Public License v2 (LGPLv2)
LGPL-2.0-or-later|GNU Lesser General Public License v2 or later (LGPLv2+)
LGPL-3.0-only|GNU Lesser General Public License v3 (LGPLv3)
LGPL-3.0-or-later|GNU Lesser General Public License v3 or later (LGPLv3+)
MIT|MIT License
MIT-0|MIT No Attribution License (MIT-0)
MPL-1.0|Mozilla Public License 1.0 (MPL)
MPL-1.1|Mozilla Public License 1.1 (MPL 1.1)
MPL-2.0|Mozilla Public License 2.0 (MPL 2.0)
MulanPSL-2.0|Mulan Permissive Software License v2 (MulanPSL-2.0)
NCSA|University of Illinois/NCSA Open Source License
OFL-1.1|SIL Open Font License 1.1 (OFL-1.1)
PostgreSQL|PostgreSQL License
UPL-1.0|Universal Permissive License (UPL)
Unlicense|The Unlicense (Unlicense)
Vim|Vim License
Zlib|zlib/libpng License`;

/** In the old field, in lower case, without `the`, `license`, `licence` and punctuation. */
const NAMES = `
MIT|mit,mit mit,mit expat,expat,mit x11
Apache-2.0|apache 2.0,apache 2,apache2,apache2.0,apachev2,apache v2,apache v2.0,apache software 2.0,apache version 2.0,asl 2.0,apache software version 2.0,apl 2.0,apache-2
BSD-3-Clause|bsd 3 clause,3 clause bsd,bsd3,new bsd,modified bsd,bsd 3,revised bsd,bsd new
BSD-2-Clause|bsd 2 clause,2 clause bsd,bsd2,simplified bsd,freebsd
ISC|isc,iscl,isc iscl
MPL-2.0|mpl 2.0,mpl2,mplv2,mpl v2.0,mozilla public 2.0,mozilla public version 2.0
GPL-2.0-only|gplv2 only
GPL-2.0-or-later|gplv2+,gpl v2 or later,gpl 2+,gpl v2+,gpl2+,gnu gplv2 or later
GPL-3.0-only|gplv3 only
GPL-3.0-or-later|gplv3+,gpl v3 or later,gpl 3+,gpl v3+,gpl3+,gnu gplv3 or later
LGPL-2.1-or-later|lgplv2.1+,lgpl 2.1+,lgpl v2.1+,lgpl v2.1 or later
LGPL-3.0-or-later|lgplv3+,lgpl 3+,lgpl v3+,lgpl v3 or later
AGPL-3.0-or-later|agplv3+,agpl 3+,agpl v3+,agpl v3 or later
PSF-2.0|psf-2.0,psf 2.0
Unlicense|unlicense
BSL-1.0|boost software 1.0,bsl 1.0,boost 1.0
Zlib|zlib,zlib/libpng
CC0-1.0|cc0,cc0 1.0,cc0 1.0 universal
ZPL-2.1|zpl 2.1,zpl2.1
WTFPL|wtfpl
0BSD|0bsd,bsd 0 clause`;

function table(
  text: string,
  normal: (name: string) => string,
  separator: string,
): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.trim().split("\n")) {
    const bar = line.indexOf("|");
    for (const name of line.slice(bar + 1).split(separator)) entries.set(normal(name), line.slice(0, bar));
  }
  return entries;
}

const byClassifier = table(CLASSIFIERS, (name) => name, "\n");
const byName = table(NAMES, (name) => name, ",");

/** Undefined for a classifier that leaves something open. */
export function licenceByClassifier(classifier: string): string | undefined {
  return byClassifier.get(classifier.slice(classifier.lastIndexOf(" :: ") + 4));
}

/** Undefined for a name that can mean several licences. */
export function licenceByName(text: string): string | undefined {
  if (text.length > 120) return undefined;
  const normal = text
    .toLowerCase()
    .replace(/\b(?:the|licen[cs]ed?|under|gnu)\b/g, " ")
    .replace(/["'(),:;]/g, " ")
    .replace(/\bv(?:ersion|er\.?)\s+/g, "v")
    .replace(/(?<![\d.])-|-(?!\d)/g, " ")
    .replace(/\s+/g, " ")
    .replace(/ ?v(\d)/g, " v$1")
    .trim();
  return (
    byName.get(normal) ??
    byName.get(normal.replace(/ v(\d)/g, " $1")) ??
    byName.get(normal.replace(/ v(\d)/g, "v$1"))
  );
}
