"""Asks libGeoIP, which geoiplookup is a face of, what a legacy database says.

usage: libgeoip.py FILE ranges    every range of the database:     first last answer
       libgeoip.py FILE           an address a line on stdin:      address answer
The answer is the rest of the line: a country's code or an owner's name; empty if unknown.
"""

import ctypes
import ipaddress
import socket
import sys

COUNTRY = {1, 12, 17, 18}
REGION = {3, 7}
CITY = {2, 6, 30, 31}
NAME = {4, 5, 9, 21, 22, 23}
WIDE = {12, 18, 21, 22, 23, 30, 31}


class In6(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_ubyte * 16)]


class Region(ctypes.Structure):
    _fields_ = [("country", ctypes.c_char * 3), ("region", ctypes.c_char * 3)]


class Record(ctypes.Structure):
    _fields_ = [("country", ctypes.c_char_p)]


class Lookup(ctypes.Structure):
    _fields_ = [("netmask", ctypes.c_int)]


lib = ctypes.CDLL("libGeoIP.so.1")
lib.GeoIP_open.restype = ctypes.c_void_p
lib.GeoIP_open.argtypes = [ctypes.c_char_p, ctypes.c_int]
lib.GeoIP_code_by_id.restype = ctypes.c_char_p
lib.GeoIP_database_edition.argtypes = [ctypes.c_void_p]
ranges = sys.argv[2:] == ["ranges"]
db = lib.GeoIP_open(sys.argv[1].encode(), 1 if ranges else 0)  # 1: in memory; 0: as geoiplookup does
if not db:
    sys.exit("libGeoIP cannot open " + sys.argv[1])
edition = lib.GeoIP_database_edition(db)
wide = edition in WIDE
bits = 128 if wide else 32


def function(name, result):
    f = getattr(lib, name + ("_v6_gl" if wide else "_gl"))
    f.argtypes = [ctypes.c_void_p, In6 if wide else ctypes.c_ulong, ctypes.POINTER(Lookup)]
    f.restype = result
    return f


def plain(name, result):
    f = getattr(lib, name + ("_v6" if wide else ""))
    f.argtypes = [ctypes.c_void_p, In6 if wide else ctypes.c_ulong]
    f.restype = result
    return f


lookup = Lookup()


codes = [""] + [lib.GeoIP_code_by_id(number).decode() for number in range(1, 256)]


def country_of(number):
    return codes[number] if number < 256 else ""


def ask():
    if edition in COUNTRY:
        f = function("GeoIP_id_by_ipnum", ctypes.c_int)
        return lambda a: country_of(f(db, a, lookup))
    if edition in NAME:
        f = function("GeoIP_name_by_ipnum", ctypes.c_char_p)
        return lambda a: (f(db, a, lookup) or b"").decode("latin-1")
    if edition in REGION:
        f = plain("GeoIP_region_by_ipnum", ctypes.POINTER(Region))
    elif edition in CITY:
        f = plain("GeoIP_record_by_ipnum", ctypes.POINTER(Record))
    else:
        sys.exit("no question for edition %d" % edition)

    def country(a):
        found = f(db, a)
        code = (found[0].country or b"").decode() if found else ""
        return "" if code == "--" else code

    return country


def argument(number):
    return In6.from_buffer_copy(number.to_bytes(16, "big")) if wide else number


def text_of(number):
    if wide:
        return socket.inet_ntop(socket.AF_INET6, number.to_bytes(16, "big"))
    return socket.inet_ntop(socket.AF_INET, number.to_bytes(4, "big"))


answer = ask()
out = sys.stdout
out.reconfigure(encoding="utf-8")
if ranges:
    # Where Debian's trie is a graph: copies of all IPv4, in Teredo 2**64 of them.
    copies = [ipaddress.ip_network(n) for n in ("::/96", "2001::/32", "2002::/16") if wide]
    number = 1  # libGeoIP answers nothing for 0, and its netmask is stale then
    while number < 1 << bits:
        for copy in copies:
            if int(copy[0]) <= number <= int(copy[-1]):
                number = int(copy[-1]) + 1
        text = answer(argument(number))
        size = 1 << (bits - lookup.netmask)
        end = number | size - 1
        out.write("%s %s %s\n" % (text_of(number), text_of(end), text))
        number = end + 1
else:
    for line in sys.stdin:
        text = line.strip()
        out.write("%s %s\n" % (text, answer(argument(int(ipaddress.ip_address(text))))))
