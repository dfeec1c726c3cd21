package dga

import (
	"math/rand/v2"
	"testing"
)

func TestWordlike(t *testing.T) {
	mean := func(alphabet string) float64 {
		random, sum := rand.New(rand.NewPCG(1, 2)), 0.0
		for range 1_000 {
			label := make([]byte, 14)
			for i := range label {
				label[i] = alphabet[random.IntN(len(alphabet))]
			}
			sum += wordlike(string(label))
		}
		return sum / 1_000
	}
	for alphabet, most := range map[string]float64{"abcdefghijklmnopqrstuvwxyz": -0.3, "0123456789abcdef": -0.9, "abcdefghijklmnopqrstuvwxyz0123456789": -0.5} {
		if got := mean(alphabet); got > most {
			t.Errorf("random %s: %.2f, want at most %v", alphabet, got, most)
		} else {
			t.Logf("%s %.2f", alphabet, got)
		}
	}
	for _, label := range []string{"weather-report", "onlinebanking", "stackoverflow", "wetterdienst", "gartenmoebel", "ristorante", "bibliotheque", "instagram", "googlevideo", "akamaiedge", "cloudfront", "doubleclick", "mozilla"} {
		if got := wordlike(label); got < 0.2 {
			t.Errorf("%s: %.2f, want words", label, got)
		} else {
			t.Logf("%s %.2f", label, got)
		}
	}
	if wordlike("xn--bcher-kva") != 0 || wordlike("") != 0 || wordlike("-") != 0 {
		t.Error("what the pairs know nothing of counts neither way")
	}
}
