#!/usr/bin/env python3
"""Print a legacy GeoIP country database as CSV: first,last,country, the IPv4 addresses as numbers.

    geoip_ranges.py GeoIP.dat > ranges.csv

Neighbours of one country are one range; addresses without country are left out.
"""
import sys

BEGIN = 16776960  # records from here on are countries
COUNTRY_EDITION = 1
CODES = (
    "-- AP EU AD AE AF AG AI AL AM CW AO AQ AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BV BW BY BZ"
    " CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR SX"
    " GA GB GD GE GF GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IN IO IQ IR IS IT JM JO JP KE KG"
    " KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW"
    " MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RU RW SA SB SC"
    " SD SE SG SH SI SJ SK SL SM SN SO SR ST SV SY SZ TC TD TF TG TH TJ TK TM TN TO TL TR TT TV TW TZ UA UG UM US UY UZ"
    " VA VC VE VG VI VN VU WF WS YE YT RS ZA ZM ME ZW A1 A2 O1 AX GG IM JE BL MF BQ SS O1"
).split()


def edition(data):
    """The database's kind, from the structure info behind its last three 0xff bytes."""
    at = data.rfind(b"\xff\xff\xff", max(0, len(data) - 60))
    if at < 0 or at + 3 >= len(data):
        return COUNTRY_EDITION
    kind = data[at + 3]
    return kind - 105 if kind >= 106 else kind


def ranges(data):
    """Yield (first, last, country) in the order of the addresses."""
    if edition(data) != COUNTRY_EDITION:
        raise SystemExit(f"edition {edition(data)}: not a database of countries for IPv4")
    held = None
    stack = [(0, 0, 32)]
    while stack:
        record, first, free = stack.pop()
        if record < BEGIN:
            at = record * 6
            left = int.from_bytes(data[at:at + 3], "little")
            right = int.from_bytes(data[at + 3:at + 6], "little")
            stack.append((right, first | 1 << (free - 1), free - 1))
            stack.append((left, first, free - 1))
            continue
        last, country = first + (1 << free) - 1, CODES[record - BEGIN]
        if held and held[2] == country and held[1] + 1 == first:
            held = (held[0], last, country)
            continue
        if held and held[2] != "--":
            yield held
        held = (first, last, country)
    if held and held[2] != "--":
        yield held


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    for first, last, country in ranges(data):
        print(first, last, country, sep=",")


if __name__ == "__main__":
    main()
