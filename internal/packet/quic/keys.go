package quic

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// version is what differs between versions of QUIC.
type version struct {
	number         uint32
	initial, retry byte // bits of the type of packet
	salt           string
	labels         labels
}

// labels are those of HKDF-Expand-Label for the keys of a packet.
type labels struct{ key, iv, header string }

var (
	labels1 = labels{"quic key", "quic iv", "quic hp"}
	labels2 = labels{"quicv2 key", "quicv2 iv", "quicv2 hp"}
)

// versions are those that are read: RFC 9001, 5.2; RFC 9369, 3.3; draft-ietf-quic-tls-29, 5.2, which browsers spoke for
// a year before the RFC.
var versions = []version{
	{1, 0x00, 0x30, "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a", labels1},
	{0x6b3343cf, 0x10, 0x00, "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9", labels2},
	{0xff00001d, 0x00, 0x30, "\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99", labels1},
}

const (
	nonceSize  = 12
	keySize    = 16 // Initial packets are protected with AES-128 (RFC 9001, 5.2)
	sampleSize = 16
	mostNumber = 4 // bytes of a packet number, before the sample (RFC 9001, 5.4.2)
)

// keys are those with which a client protects its Initial packets.
type keys struct {
	version *version
	sealed  cipher.AEAD
	block   cipher.Block // of sealed
	iv      [nonceSize]byte
	header  cipher.Block
}

// deriveKeys makes them from the connection identifier that the client sends to first (RFC 9001, 5.2). It fails only
// where the program runs with FIPS 140 enforced, which forbids secrets as short as these.
func deriveKeys(v *version, destination []byte) (*keys, error) {
	initial, err := hkdf.Extract(sha256.New, destination, []byte(v.salt))
	if err != nil {
		return nil, err
	}
	secret, err := expand(initial, "client in", sha256.Size)
	if err != nil {
		return nil, err
	}
	k := &keys{version: v}
	if k.block, err = expandCipher(secret, v.labels.key); err != nil {
		return nil, err
	}
	if k.header, err = expandCipher(secret, v.labels.header); err != nil {
		return nil, err
	}
	iv, err := expand(secret, v.labels.iv, nonceSize)
	if err != nil {
		return nil, err
	}
	copy(k.iv[:], iv)
	k.sealed, err = cipher.NewGCM(k.block)
	return k, err
}

func expandCipher(secret []byte, label string) (cipher.Block, error) {
	key, err := expand(secret, label, keySize)
	if err != nil {
		return nil, err
	}
	return aes.NewCipher(key)
}

// expand is HKDF-Expand-Label without context (RFC 8446, 7.1).
func expand(secret []byte, label string, length int) ([]byte, error) {
	const prefix = "tls13 "
	info := []byte{0, byte(length), byte(len(prefix) + len(label))}
	info = append(append(append(info, prefix...), label...), 0)
	return hkdf.Expand(sha256.New, secret, string(info), length)
}

// open removes the protection of a packet (RFC 9001, 5.3 and 5.4). One that is cut short cannot be authenticated: it
// is decrypted all the same, and what comes out must make sense as frames.
func (k *keys) open(p packet) (frames []byte, ok bool) {
	if len(p.data) < p.number+mostNumber+sampleSize {
		return nil, false
	}
	var mask [aes.BlockSize]byte
	k.header.Encrypt(mask[:], p.data[p.number+mostNumber:])
	first := p.data[0] ^ mask[0]&protectedBits
	end := p.number + int(first&numberBits) + 1
	head := append(make([]byte, 0, 64), p.data[:end]...)
	head[0] = first
	nonce := k.iv
	for i := p.number; i < end; i++ {
		head[i] ^= mask[1+i-p.number]
		nonce[nonceSize-end+i] ^= head[i]
	}
	if p.whole {
		frames, err := k.sealed.Open(nil, nonce[:], p.data[end:], head)
		return frames, err == nil
	}
	return k.decrypt(nonce, p.data[end:]), true
}

// decrypt is the counter mode that is inside GCM: its first block of data has the count 2 (NIST SP 800-38D, 7.1).
func (k *keys) decrypt(nonce [nonceSize]byte, data []byte) []byte {
	var counter [aes.BlockSize]byte
	copy(counter[:], nonce[:])
	counter[aes.BlockSize-1] = 2
	frames := make([]byte, len(data))
	cipher.NewCTR(k.block, counter[:]).XORKeyStream(frames, data)
	return frames
}
