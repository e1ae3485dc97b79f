# Runs one command of somebody whom nobody trusts, so that it can do no harm and leaves nothing behind. What the
# machine cannot do is told, never left out in silence. The files sandbox_*.py are one program, in their order;
# it needs nothing but Python's own library and a Linux kernel.
#
# Three processes guard the command:
#   the keeper  stays in the world of the one who asked; makes the control groups, empties and removes them, and
#               ends everything when its standard input closes, that is when the one who asked is gone;
#   the gate    enters the new namespaces, and dies with the keeper;
#   the init    is process 1 of the new namespace: it builds the file system, starts the command, and when it ends
#               the kernel ends whatever is left in the namespace.
# https://man7.org/linux/man-pages/man7/namespaces.7.html
import ctypes
import errno
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
MACHINE = os.uname().machine

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217, "i686": 217, "armv7l": 218}
MOUNT_SETATTR = 442


def checked(name, *arguments):
    """Calls a function of the C library; OSError where it fails."""
    result = getattr(LIBC, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def prctl(option, value=0):
    checked("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def mount(source, target, kind=None, flags=0, data=None):
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    checked("mount", encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])


def bind_read_only(source, target):
    """Shows a file or folder, with all that is mounted in it, read-only."""
    mount(source, target, None, MS_BIND | MS_REC)
    attributes = struct.pack("QQQQ", 1 | 2 | 4, 0, 0, 0)
    try:
        path = ctypes.c_char_p(os.fsencode(target))
        checked("syscall", MOUNT_SETATTR, -100, path, 0x8000, attributes, ctypes.c_size_t(len(attributes)))
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EPERM):
            raise
        # Before Linux 5.12: the top alone, so that it must have no mounts in it.
        mount(None, target, None, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)
        if has_mounts(target):
            raise


def has_mounts(path):
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        return any(line.split(" ")[4].startswith(path + "/") for line in lines)


def pivot_root(new, old):
    checked("syscall", PIVOT_ROOT[MACHINE], os.fsencode(new), os.fsencode(old))


def drop_capabilities():
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    header = struct.pack("Ii", 0x20080522, 0)
    checked("capset", header, b"\0" * 24)


# System calls by which a program could look for a hole in the kernel, or for another process, and that no Python
# package needs: by name, the numbers on x86_64 and aarch64.
REFUSED = {
    "ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "unshare": (272, 97),
    "setns": (308, 268), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "perf_event_open": (298, 241), "bpf": (321, 280), "userfaultfd": (323, 282), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "open_by_handle_at": (304, 265), "io_uring_setup": (425, 425),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "pidfd_getfd": (438, 438),
}  # fmt: skip
CLONE = (56, 220)
CLONE3 = 435
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET


def system_call_filter():
    """A seccomp filter in classic BPF; None where the numbers are not known.
    https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html"""
    if MACHINE not in AUDIT:
        return None
    column = list(AUDIT).index(MACHINE)
    load, equal, at_least, anded, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, refuse, absent = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    code = [
        (load, 0, 0, 4), (equal, 1, 0, AUDIT[MACHINE]), (answer, 0, 0, refuse),
        # The numbers of another interface of x86_64.
        (load, 0, 0, 0), (at_least, 0, 1, 0x40000000), (answer, 0, 0, refuse),
        # Its flags lie in memory, which a filter cannot read; the C library falls back to the older call.
        (equal, 0, 1, CLONE3), (answer, 0, 0, absent),
    ]  # fmt: skip
    for numbers in REFUSED.values():
        code += [(equal, 0, 1, numbers[column]), (answer, 0, 0, refuse)]
    code += [(equal, 0, 3, CLONE[column]), (load, 0, 0, 16), (anded, 0, 1, SPACES), (answer, 0, 0, refuse)]
    code.append((answer, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def filter_system_calls():
    code = system_call_filter()
    if code is None:
        raise OSError(errno.ENOSYS, "the numbers of the system calls are not known", MACHINE)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    checked("prctl", PR_SET_SECCOMP, ctypes.c_ulong(2), program, ctypes.c_ulong(0), ctypes.c_ulong(0))
