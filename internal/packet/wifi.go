package packet

import "encoding/binary"

func le16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }
func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

// The frame control of IEEE 802.11 (IEEE 802.11-2020, 9.2.4.1), of which captures hold the low byte first.
const (
	wifiTypeMask  = 0x000f // version and type
	wifiData      = 0x0008
	wifiNoData    = 0x0040 // of the subtypes of data
	wifiQoS       = 0x0080
	wifiToDS      = 0x0100
	wifiFromDS    = 0x0200
	wifiProtected = 0x4000
	wifiHT        = 0x8000
)

// wifi reads a frame of IEEE 802.11, whose header some cards pad to a multiple of four bytes.
func wifi(data []byte, at int, padded bool, n nest, p *Packet) fault {
	const header, ack = 24, 10
	if len(data) < ack {
		return shortFrame
	}
	control := le16(data)
	if control&wifiTypeMask != wifiData || control&wifiNoData != 0 {
		return notWiFiData
	}
	size := header
	if control&(wifiToDS|wifiFromDS) == wifiToDS|wifiFromDS {
		size += 6
	}
	qos := size
	if control&wifiQoS != 0 {
		size += 2
		if control&wifiHT != 0 {
			size += 4
		}
	}
	if padded {
		size = (size + 3) &^ 3
	}
	if len(data) < size {
		return shortFrame
	}
	switch {
	case control&wifiProtected != 0:
		return encrypted
	case data[22]&15 != 0:
		return laterPart
	case control&wifiQoS != 0 && data[qos]&0x80 != 0:
		return aggregate(data[size:], at+size, n, p)
	default:
		return llc(data[size:], at+size, n, p)
	}
}

// aggregate reads the first of several frames that were sent as one (IEEE 802.11-2020, 9.3.2.2).
func aggregate(data []byte, at int, n nest, p *Packet) fault {
	const header = 14 // two addresses and a length
	if len(data) < header {
		return shortFrame
	}
	return llc(data[header:], at+header, n, p)
}

// radiotap skips what the card told of the radio (radiotap.org), in which only the padding matters.
func radiotap(data []byte, at int, n nest, p *Packet) fault {
	const header = 8
	if len(data) < header {
		return shortFrame
	}
	size := int(le16(data[2:]))
	if data[0] != 0 || size < header {
		return badLink
	}
	if len(data) < size {
		return shortFrame
	}
	return wifi(data[size:], at+size, radiotapPadded(data[:size]), n, p)
}

// radiotapPadded reads the flags, the second of the fields whose presence the first words tell.
func radiotapPadded(data []byte) bool {
	const hasClock, hasFlags, more, padded = 1 << 0, 1 << 1, 1 << 31, 0x20
	present := le32(data[4:])
	if present&hasFlags == 0 {
		return false
	}
	place := 8
	for word := present; word&more != 0 && place+4 <= len(data); place += 4 {
		word = le32(data[place:])
	}
	if present&hasClock != 0 {
		place = (place+7)&^7 + 8
	}
	return place < len(data) && data[place]&padded != 0
}

// prism skips the header of Prism cards, of which the second word tells the length in either byte order. Some programs
// write AVS under its number.
func prism(data []byte, at int, n nest, p *Packet) fault {
	const header, longest = 8, 1 << 12
	if len(data) < header {
		return shortFrame
	}
	if be32(data)&avsMask == avsMagic {
		return avs(data, at, n, p)
	}
	size := int(le32(data[4:]))
	if size > longest {
		size = int(be32(data[4:]))
	}
	return wifiBehind(size, header, data, at, n, p)
}

// The version of AVS capture headers is in the low bits.
const (
	avsMagic = 0x80211000
	avsMask  = 0xfffff000
)

func avs(data []byte, at int, n nest, p *Packet) fault {
	const header = 8
	if len(data) < header {
		return shortFrame
	}
	if be32(data)&avsMask != avsMagic {
		return badLink
	}
	return wifiBehind(int(be32(data[4:])), header, data, at, n, p)
}

func wifiBehind(size, least int, data []byte, at int, n nest, p *Packet) fault {
	if size < least {
		return badLink
	}
	if len(data) < size {
		return shortFrame
	}
	return wifi(data[size:], at+size, false, n, p)
}
