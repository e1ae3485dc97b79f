# What the command sees of the machine: its own small file system, made of nothing but what it needs.

# Programs and libraries of the system. Links are repeated as links.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
FOR_NETWORK = (
    "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl", "/etc/pki", "/etc/ca-certificates",
)  # fmt: skip
HARDWARE = ("/sys/devices/system/cpu", "/sys/devices/system/node")
DEVICES = ("null", "zero", "full", "random", "urandom")
OLD = "/old"


def build_world(order, identity, missing):
    """Leaves the calling process in the new file system; nothing else of the machine can be reached from it."""
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    sources = real_sources(order)
    base = next(path for path in ("/tmp", "/run", "/mnt", "/var", "/home") if os.path.isdir(path))
    mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755")
    os.chdir(base)
    os.mkdir("new")
    os.mkdir("old")
    pivot_root(".", "old")
    os.chdir("/")
    # Files of the order lie in it, and the points where the rest is mounted.
    mount("tmpfs", "/new", "tmpfs", MS_NOSUID | MS_NODEV, "size=24m,mode=0755")
    make_writable(order, identity)
    # An environment may lie in /tmp.
    for path, real in sources:
        show(path, real)
    make_devices(missing)
    make_processes(missing)
    write_files(order, identity)
    mount(None, "/new", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_BIND)
    os.chdir("/new")
    pivot_root(".", ".")
    checked("umount2", b".", MNT_DETACH)
    os.chdir("/")


def real_sources(order):
    """Pairs of the path as the command sees it and what is shown there: a real path, or the goal of a link."""
    wanted = [*SYSTEM, *SETTINGS, *HARDWARE, *(FOR_NETWORK if order["network"] else ()), *order["readable"]]
    shown = {}
    for path in wanted:
        if not os.path.lexists(path):
            if path in order["readable"]:
                raise OSError(errno.ENOENT, "there is no such file", path)
        elif path in SYSTEM and os.path.islink(path) and not os.readlink(path).startswith("/"):
            shown[path] = os.readlink(path)
        else:
            real = os.path.realpath(path)
            # Where a link leads, and where it was asked for.
            for point in (real, path):
                if not is_shown(point, shown):
                    shown[point] = real
    return list(shown.items())


def is_shown(point, shown):
    return any(point == path or point.startswith(path + "/") for path in shown)


def show(path, real):
    target = "/new" + path
    if not real.startswith("/"):
        os.symlink(real, target)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(OLD + real):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    bind_read_only(OLD + real, target)


def make_devices(missing):
    os.makedirs("/new/dev", exist_ok=True)
    for name in DEVICES:
        target = "/new/dev/" + name
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        try:
            mount(OLD + "/dev/" + name, target, None, MS_BIND)
        except OSError:
            missing.append("device:" + name)
    for name, goal in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink("/proc/self/" + goal, "/new/dev/" + name)


def make_processes(missing):
    os.mkdir("/new/proc")
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    for data in ("hidepid=2", None):
        try:
            mount("proc", "/new/proc", "proc", flags, data)
            return
        except OSError:
            continue
    # Where a container hides parts of its own, the kernel gives no other; the machine's is never shown.
    missing.append("proc")


def make_writable(order, identity):
    """The one place that can be written, of limited size; /tmp and /dev/shm lie in it."""
    os.mkdir("/new/thoth-work")
    # 1 file per 4 KiB.
    files = max(1024, order["limits"]["disk"] // 4096)
    data = "size=%d,nr_inodes=%d,mode=0755" % (order["limits"]["disk"], files)
    mount("tmpfs", "/new/thoth-work", "tmpfs", MS_NOSUID | MS_NODEV, data)
    for name, target in (("home", "/new/thoth-work/home"), ("tmp", "/new/tmp"), ("shm", "/new/dev/shm")):
        path = "/new/thoth-work/" + name
        os.mkdir(path)
        os.chown(path, *identity)
        os.makedirs(target, exist_ok=True)
        mount(path, target, None, MS_BIND)
    mount(None, "/new/thoth-work", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_BIND)


def write_files(order, identity):
    os.makedirs("/new/etc", exist_ok=True)
    user, group = identity
    write_text("/new/etc/passwd", "thoth:x:%d:%d::/thoth-work/home:/bin/sh\n" % (user, group))
    write_text("/new/etc/group", "thoth:x:%d:\n" % group)
    if not order["network"]:
        write_text("/new/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
    os.mkdir("/new/thoth")
    for name, text in order["files"].items():
        write_text("/new/thoth/" + name, text)


def raise_loopback():
    """Within its own network a program may talk to itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, 0x8914, struct.pack("16sH14x", b"lo", 1))
