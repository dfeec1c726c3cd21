# Everything that is done to Sentinel by hand. It needs Go and gcc, nothing else.
.POSIX:
.SUFFIXES:

# The version is the newest tag, or what internal/cli/version.go says.
VERSION = $$(git describe --tags --match 'v[0-9]*' 2>/dev/null | sed 's/^v//')
COMMIT = $$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

CLI = sentinel/internal/cli
LINT = go tool -modfile=tools/go.mod golangci-lint

# Packages that start goroutines or hand work to them.
CONCURRENT = ./internal/analysis ./internal/cli ./internal/engine/duckdb ./internal/explore/... ./internal/geo/... ./internal/input/... ./internal/meter ./internal/web

FUZZTIME = 10s

.PHONY: build test race fuzz lint docs check eval demo pictures bench bench-captures bench-explore clean help

build: ## bin/sentinel
	@version=$(VERSION); go build -trimpath -o bin/sentinel \
		-ldflags "-s -w -X $(CLI).commit=$(COMMIT) $${version:+-X $(CLI).version=$$version}" ./cmd/sentinel

test: ## all tests
	go test ./...

race: ## tests of the concurrent packages under the race detector
	go test -race -short $(CONCURRENT)
	go test -race -short -run 'Load|Dies|Cancel' ./internal/engine/clickhouse

fuzz: ## every fuzz target for FUZZTIME
	@grep -rl --include='*_test.go' '^func Fuzz' internal | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' $$file); do \
			echo "== $$target ($$file)"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) ./$$(dirname $$file) || exit 1; \
		done; \
	done

lint: ## the linter, built on first use (some minutes)
	$(LINT) run

docs: ## pages that are written by the program: docs/ and tables of ARCHITECTURE.md
	go test -count=1 ./internal/cli -run '^TestDocs$$' -update
	go test -count=1 ./internal/architecture -run '^TestArchitectureIsTrue$$' -update

check: ## that those pages are up to date
	go test -count=1 ./internal/cli -run '^TestDocs$$'
	go test -count=1 ./internal/architecture

eval: ## docs/evaluation.md: what the detectors find, miss and invent (ten minutes)
	go test -count=1 ./internal/detect/eval -run '^TestPublicCaptures$$' -update
	go run ./internal/detect/eval/run -markdown > docs/evaluation.new
	mv docs/evaluation.new docs/evaluation.md

demo: build ## a labelled example day in demo/, analysed
	@sh tools/demo.sh bin/sentinel demo

pictures: demo ## docs/images, from the demo
	@sh tools/pictures.sh bin/sentinel demo docs/images

bench: build ## docs/BENCHMARKS.md
	bench/run

bench-captures: build ## docs/captures-benchmarks.md: reading packets and logs, beside nfdump, argus, gopacket, tshark
	bench/captures

bench-explore: build ## docs/explore-benchmarks.md: how fast the page answers, over 20 million flows
	go run ./bench/explore

clean: ## removes what was built and made
	rm -rf bin demo dist

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile
