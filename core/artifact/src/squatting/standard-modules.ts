// Modules of Python's standard library that people import by a name of their own, and under whose names nothing useful is
// published. Backports that are honest ("dataclasses", "typing", "enum34") are left out.

const TEXT = `
asyncio asyncore base64 binascii bisect bz2 cgi cmath codecs collections contextlib copy csv ctypes datetime
decimal difflib doctest email fcntl fractions ftplib functools gettext getpass glob gzip hashlib heapq hmac html http
imaplib inspect io itertools json locale logging lzma math mmap multiprocessing operator os ossaudiodev
pdb pickle pickletools platform pprint pty pwd queue random readline resource sched select shelve shlex shutil signal
smtplib socket socketserver sqlite sqlite3 ssl stat string struct subprocess sys sysconfig syslog tarfile telnetlib
tempfile textwrap threading time timeit tkinter token tokenize traceback tracemalloc unicodedata unittest urllib urllib2
urlparse uuid venv warnings wave weakref webbrowser winreg xml xmlrpc zipfile zipimport zlib`;

export const STANDARD_MODULES: ReadonlySet<string> = new Set(TEXT.trim().split(/\s+/));
