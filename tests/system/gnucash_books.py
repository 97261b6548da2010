"""Makes and opens GnuCash books with GnuCash's own engine. A process of its own: the engine is one for each.

make FILE NAME NUMBER    a new book
hold FILE                opens it as the program does, says so, and closes it when its input ends; a line of input is a
                         number that is entered and saved: "saved" or "lost"
save-anew FILE           writes all tables anew, as a newer GnuCash does with an older book
"""
import ctypes
import sys

from gnucash import GnuCashBackendException, Session, SessionOpenMode

ENGINE = ctypes.CDLL("/usr/lib/x86_64-linux-gnu/gnucash/libgnc-engine.so")
ENGINE.qof_book_set_string_option.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
ENGINE.qof_session_safe_save.argtypes = [ctypes.c_void_p, ctypes.c_void_p]


def opened(file, mode=SessionOpenMode.SESSION_NORMAL_OPEN):
    return Session("sqlite3://" + file, mode)


def enter(session, key, value):
    ENGINE.qof_book_set_string_option(int(session.book.instance), f"options/Business/Company {key}".encode(),
                                      value.encode() or None)


def closed(session):
    session.end()
    session.destroy()


task, file, *rest = sys.argv[1:]
if task == "make":
    session = opened(file, SessionOpenMode.SESSION_NEW_STORE)
    session.save()
    closed(session)
    session = opened(file)
    for key, value in zip(("Name", "ID"), rest):
        enter(session, key, value)
    session.save()
else:
    session = opened(file)
    if task == "save-anew":
        ENGINE.qof_session_safe_save(int(session.instance), None)
    print("open", flush=True)
    for line in sys.stdin if task == "hold" else ():
        enter(session, "ID", line.strip())
        try:
            session.save()
            print("saved", flush=True)
        except GnuCashBackendException:
            print("lost", flush=True)
closed(session)
