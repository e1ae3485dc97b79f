// Generated from the standard libraries of CPython 2.7 to 3.13 and the announcement of 3.14; see standard-library.ts.

/** First and last Python that has the modules, and their names. */
export const STANDARD_LIBRARY: readonly (readonly [range: string, names: string])[] = [
  [
    "2.7-3.14",
    `__future__ __main__ _ast _bisect _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr
     _codecs_tw _collections _csv _ctypes _curses _curses_panel _elementtree _functools _heapq _io _json
     _locale _lsprof _md5 _multibytecodec _multiprocessing _osx_support _pyio _random _socket _sqlite3 _sre
     _ssl _strptime _struct _symtable _threading_local _tkinter _warnings _weakref _weakrefset abc
     antigravity argparse array ast atexit base64 bdb binascii bisect bz2 cProfile calendar cmath cmd code
     codecs codeop collections colorsys compileall contextlib copy csv ctypes curses datetime dbm decimal
     difflib dis doctest email encodings ensurepip errno fcntl filecmp fileinput fnmatch fractions ftplib
     functools gc genericpath getopt getpass gettext glob grp gzip hashlib heapq hmac idlelib imaplib
     importlib inspect io itertools json keyword linecache locale logging mailbox marshal math mimetypes mmap
     modulefinder msvcrt multiprocessing netrc nt ntpath nturl2path numbers opcode operator optparse os pdb
     pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd
     py_compile pyclbr pydoc pydoc_data pyexpat quopri random re readline resource rlcompleter runpy sched
     select shelve shlex shutil signal site smtplib socket sqlite3 sre_compile sre_constants sre_parse ssl
     stat string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile termios
     test textwrap this threading time timeit token tokenize trace traceback tty turtle types unicodedata
     unittest urllib uuid warnings wave weakref webbrowser winsound wsgiref xml zipfile zipimport zlib`,
  ],
  [
    "2.7-2.7",
    `BaseHTTPServer Bastion CDROM CGIHTTPServer Canvas Carbon ConfigParser Cookie DLFCN Dialog
     DocXMLRPCServer EasyDialogs FileDialog FixTk HTMLParser IN MacOS MimeWriter Queue ScrolledText
     SimpleDialog SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO TYPES Tix Tkconstants Tkdnd
     Tkinter UserDict UserList UserString _LWPCookieJar _MozillaCookieJar __builtin__ _abcoll _hotshot _sha
     _winreg anydbm audiodev bsddb cPickle cStringIO commands compiler cookielib copy_reg dbhash dircache
     dumbdbm dummy_thread exceptions fpformat future_builtins gdbm hotshot htmlentitydefs htmllib httplib
     ihooks imputil linuxaudiodev markupbase md5 mhlib mimetools mimify multifile mutex new os2emxpath popen2
     posixfile repr rexec rfc822 robotparser sets sgmllib sha sre statvfs stringold strop sunaudio thread
     tkColorChooser tkCommonDialog tkFileDialog tkFont tkMessageBox tkSimpleDialog toaiff ttk urllib2
     urlparse user whichdb xmllib xmlrpclib`,
  ],
  [
    "3.6-3.14",
    `_asyncio _blake2 _bz2 _collections_abc _compat_pickle _compression _datetime _dbm _decimal
     _frozen_importlib _frozen_importlib_external _gdbm _imp _lzma _markupbase _opcode _operator _overlapped
     _pickle _posixsubprocess _pydecimal _scproxy _sha1 _sha3 _signal _sitebuiltins _stat _string _thread
     _tracemalloc _winapi asyncio builtins concurrent configparser copyreg enum faulthandler html http
     ipaddress lzma pathlib queue reprlib secrets selectors socketserver statistics tkinter tracemalloc
     turtledemo typing venv winreg xmlrpc zipapp`,
  ],
  [
    "2.7-3.12",
    `aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr
     spwd sunau telnetlib uu xdrlib`,
  ],
  [
    "3.13-3.14",
    `_android_support _colorize _interpchannels _interpqueues _interpreters _ios_support _opcode_metadata
     _pyrepl _suggestions _sysconfig _wmi`,
  ],
  ["3.14-3.14", `_ast_unparse _hmac _py_warnings _remote_debugging _types _zstd annotationlib compression`],
  ["3.7-3.14", "_abc _contextvars _hashlib _py_abc _queue _uuid contextvars dataclasses"],
  ["2.7-3.11", "_sha256 _sha512 asynchat asyncore distutils imp smtpd"],
  ["2.7-3.9", "_ctypes_test formatter parser symbol"],
  ["3.9-3.14", "_aix_support _zoneinfo graphlib zoneinfo"],
  ["3.12-3.14", "_pydatetime _pylong _sha2"],
  ["3.11-3.14", "_tokenize _typing tomllib"],
  ["3.8-3.14", "_posixshmem _statistics"],
  ["3.6-3.12", "_crypt _msi"],
  ["2.7-3.10", "binhex"],
  ["3.6-3.8", "_dummy_thread"],
  ["2.7-3.7", "macpath"],
  ["2.7-3.6", "macurl2path"],
  ["3.9-3.9", "_peg_parser"],
  ["3.9-3.11", "_bootsubprocess"],
  ["2.7-3.8", "dummy_threading"],
  ["3.8-3.9", "_xxsubinterpreters"],
  ["3.6-3.9", "_bootlocale"],
];
