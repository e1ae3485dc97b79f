// Names of the standard library that left it, by the first Python without them. A method of an object stands behind a call:
// `threading:Thread().isAlive`. From "Removed" of https://docs.python.org/3/whatsnew/

const LEFT: Readonly<Record<string, string>> = {
  "3.8": "cgi:escape macpath platform:dist platform:linux_distribution platform:popen time:clock",
  "3.9":
    "_dummy_thread array:array().fromstring array:array().tostring base64:decodestring base64:encodestring dummy_threading fractions:gcd html.parser:HTMLParser().unescape json:loads(encoding=) sys:getcheckinterval sys:setcheckinterval threading:Thread().isAlive xml.etree.cElementTree",
  "3.10":
    "collections:Callable collections:Container collections:Hashable collections:ItemsView collections:Iterable collections:Iterator collections:KeysView collections:Mapping collections:MappingView collections:MutableMapping collections:MutableSequence collections:MutableSet collections:Sequence collections:Set collections:Sized collections:ValuesView formatter parser symbol",
  "3.11": "asyncio:coroutine binhex gettext:lgettext inspect:formatargspec inspect:getargspec",
  "3.12":
    "asynchat asyncore configparser:SafeConfigParser distutils imp locale:format pkgutil:ImpImporter pkgutil:ImpLoader smtpd ssl:match_hostname ssl:wrap_socket",
  "3.13":
    "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 locale:resetlocale mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib typing.io typing.re unittest:findTestCases unittest:makeSuite uu xdrlib",
  "3.14":
    "ast:Bytes ast:Num ast:Str asyncio:get_child_watcher pkgutil:find_loader pkgutil:get_loader pty:master_open",
};

export interface Departure {
  /** As `Use` writes it; a keyword of a call as `json:loads(encoding=)`. */
  readonly path: string;
  readonly since: string;
}

export const DEPARTURES: readonly Departure[] = Object.entries(LEFT).flatMap(([since, paths]) =>
  paths.split(" ").map((path) => ({ path, since })),
);
