# Unpacks a source distribution: `unpack_sdist.py ARCHIVE FOLDER BYTES MEMBERS`. Only files and folders, only
# below FOLDER, only so much. Answers {"folder": ...} with the one top folder, or {"refused": code, "why": ...}.
import json
import os
import sys
import tarfile
import zipfile

archive, destination = sys.argv[1:3]
left = {"bytes": int(sys.argv[3]), "members": int(sys.argv[4])}


class Refused(Exception):
    pass


def place_of(name):
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or "\0" in name or ".." in parts or ":" in parts[0]:
        raise Refused("path-escape", "the member %s leads out of the folder" % ascii(name[:200]))
    return os.path.join(destination, *[part for part in parts if part not in ("", ".")])


def count():
    left["members"] -= 1
    if left["members"] < 0:
        raise Refused("limit-exceeded", "it has too many members")


def copy(source, path, executable):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as target:
        while True:
            chunk = source.read(1 << 16)
            if not chunk:
                break
            left["bytes"] -= len(chunk)
            if left["bytes"] < 0:
                raise Refused("limit-exceeded", "it unpacks to more than it may")
            target.write(chunk)
    if executable:
        os.chmod(path, 0o755)


def unpack_tar():
    links = []
    with tarfile.open(archive, "r:*") as file:
        for member in file:
            count()
            path = place_of(member.name)
            if member.isdir():
                os.makedirs(path, exist_ok=True)
            elif member.isreg():
                copy(file.extractfile(member), path, member.mode & 0o100)
            elif member.issym() or member.islnk():
                links.append(member)
            else:
                raise Refused("path-escape", "the member %s is no ordinary file" % ascii(member.name[:200]))
    for member in links:
        # What a link leads to is copied: nothing unpacked later can go through it.
        folder = os.path.dirname(member.name) if member.issym() else ""
        target = place_of(os.path.normpath(os.path.join(folder, member.linkname)).replace(os.sep, "/"))
        if os.path.isfile(target):
            with open(target, "rb") as source:
                copy(source, place_of(member.name), False)


def unpack_zip():
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            count()
            path = place_of(member.filename)
            if member.filename.endswith("/"):
                os.makedirs(path, exist_ok=True)
            else:
                with file.open(member) as source:
                    copy(source, path, (member.external_attr >> 16) & 0o100)


try:
    try:
        import resource

        # Headers of an archive can ask for any amount of memory.
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    except (ImportError, ValueError, OSError):
        pass
    if archive.endswith(".zip"):
        unpack_zip()
    else:
        unpack_tar()
    folders = os.listdir(destination)
    if len(folders) != 1 or not os.path.isdir(os.path.join(destination, folders[0])):
        raise Refused("invalid-metadata", "it has not one folder at its top")
    answer = {"folder": os.path.join(destination, folders[0])}
except Refused as error:
    answer = {"refused": error.args[0], "why": error.args[1]}
except (tarfile.TarError, zipfile.BadZipFile, EOFError, MemoryError, ValueError, NotImplementedError) as error:
    answer = {"refused": "invalid-metadata", "why": "the archive is damaged: " + ascii(str(error)[:200])}
except OSError as error:
    if error.errno is None:
        answer = {"refused": "invalid-metadata", "why": "the archive is damaged"}
    else:
        answer = {"refused": "file-failed", "why": ascii(os.strerror(error.errno))}
except Exception as error:
    if type(error).__module__ not in ("zlib", "lzma", "_lzma"):
        raise
    answer = {"refused": "invalid-metadata", "why": "the archive is damaged"}
sys.stdout.write("\n" + json.dumps(answer) + "\n")
