# make help lists the targets.
.DEFAULT_GOAL := help

GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT := go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0
GORELEASER := go run github.com/goreleaser/goreleaser/v2@v2.16.0

MODULES := . examples runtime/bench runtime/feed/jetstream runtime/feed/sqltest

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the command into bin/
	go build -o bin/odoogen ./cmd/odoogen

.PHONY: demo
demo: ## The main job, on an Odoo inside the program
	go run ./cmd/odoogen demo

.PHONY: test
test: ## All tests that need no server
	go vet ./...
	go test -race -timeout 30m ./...
	$(MAKE) fuzz

# A count: with a time, Go up to 1.26 fails now and then when it ends (go.dev/issue/75804).
FUZZTIME ?= 10000x

.PHONY: fuzz
fuzz: ## Each fuzz target of the runtime and the embedded Odoo for FUZZTIME
	@for package in ./runtime ./runtime/internal/codec ./runtime/odootest; do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x -parallel 1 $$package || exit 1; \
		done; \
	done

.PHONY: test-embedded
test-embedded: ## The runtime's live tests, on the embedded Odoo (a part of test)
	go test -count=1 -v ./runtime/odootest/suite

.PHONY: test-sql
test-sql: ## The SQL store of runtime/feed on SQLite, and on PostgreSQL if POSTGRES_URL names an empty database
	cd runtime/feed/sqltest && go test -mod=mod -count=1 $(if $(POSTGRES_URL),-tags live) ./...

.PHONY: test-jetstream
test-jetstream: ## The package runtime/feed/jetstream, on NATS servers within the tests
	cd runtime/feed/jetstream && go vet -mod=mod ./... && go test -mod=mod -count=1 ./...

.PHONY: test-examples
test-examples: ## The programs in examples/, on Odoo servers within the tests
	cd examples && go vet -mod=mod ./... && go test -mod=mod -count=1 ./...

.PHONY: torture
torture: ## The torture test of runtime/feed on the embedded Odoo, for two minutes
	FEED_TORTURE_TIME=2m go test -count=1 -timeout 30m -v -run '^TestTorture$$' ./runtime/feed

.PHONY: torture-live
torture-live: ## The same on your ODOO_URL
	FEED_TORTURE_TIME=2m go test -tags live -count=1 -timeout 30m -v -run '^TestLiveTorture$$' ./runtime/feed

.PHONY: test-live
test-live: ## The live tests: on your server if ODOO_URL is set, otherwise on real Odoo 14 and 19 started here
	./.ci/test-live

.PHONY: test-browser
test-browser: ## The pages of odoogen diff and explore in a real browser (Debian and root, or a chromium of your own): bin/*.png
	./.ci/test-browser

.PHONY: fidelity
fidelity: ## Read everything of your ODOO_URL, or of real Odoo 14 and 19, through generated types: bin/fidelity-*.md
	./.ci/fidelity

.PHONY: bench-compile
bench-compile: ## What generating and compiling all models of Odoo 19 costs, beside the goals; of SCHEMA=file or your ODOO_URL
	./.ci/bench-compile $(SCHEMA)

.PHONY: bench-compile-check
bench-compile-check: ## The same, and fail if a goal is missed by more than noise
	./.ci/bench-compile -check $(SCHEMA)

.PHONY: lint
lint: ## Lint, with the reasons for each exclusion in .golangci.yml
	$(GOLANGCI_LINT) run
	cd runtime/feed/jetstream && $(GOLANGCI_LINT) run
	$(ACTIONLINT)

.PHONY: vulnerabilities
vulnerabilities: ## Known vulnerabilities that the code of any module reaches (needs vuln.go.dev, or VULNDB=file:///…)
	@for module in $(MODULES); do \
		echo "== $$module"; \
		(cd $$module && GOFLAGS="$$GOFLAGS -mod=mod" $(GOVULNCHECK) $(if $(VULNDB),-db $(VULNDB)) ./...) || exit 1; \
	done

.PHONY: test-install
test-install: ## Install the last commit from a module proxy in a folder, as a new user does
	./.ci/test-install

.PHONY: site
site: ## The documentation as a site with search, into bin/site (needs npm); a broken link fails
	cd site && npm ci --ignore-scripts --no-audit --no-fund && npx vitepress build

.PHONY: release-check
release-check: ## Check .goreleaser.yaml (compiles goreleaser the first time: minutes)
	$(GORELEASER) check

.PHONY: release-snapshot
release-snapshot: ## What a release has, into bin/release; without the image, the SBOM and Homebrew, which need docker, syft and a token
	$(GORELEASER) release --snapshot --clean --skip=docker,sbom,homebrew

.PHONY: release
release: ## Release the tag that is checked out (in CI: .github/workflows/release.yml)
	mkdir -p bin
	.ci/release-notes $$(git describe --tags --exact-match) >bin/release-notes.md
	$(GORELEASER) release --clean --release-notes bin/release-notes.md

.PHONY: generate
generate: ## Regenerate the checked-in bindings and golden files; a difference shows in git
	go generate ./...
	cd examples && go generate ./...
	go test ./golden -update

.PHONY: odoo
odoo: ## Start real Odoo 14 and 19 on loopback (root; a few minutes the first time)
	./.ci/odoo up 14
	./.ci/odoo up 19

.PHONY: odoo-down
odoo-down: ## Stop them
	./.ci/odoo down

.PHONY: bench
bench: ## Compare the codec with others, side by side, on records of real servers
	cd runtime/bench && go run -mod=mod .

.PHONY: bench-check
bench-check: ## The same, and fail if a goal is missed by more than noise
	cd runtime/bench && go run -mod=mod . -check

.PHONY: bench-memory
bench-memory: ## The peak memory of walks through many records
	cd runtime/bench && go build -mod=mod -o ../../bin/bench-memory ./memory && ../../bin/bench-memory

.PHONY: bench-sync-memory
bench-sync-memory: ## The peak memory of a sync of 200,000 rows, or 50,000 with your ODOO_URL, on which the partners stay
	cd runtime/bench && go build -mod=mod -o ../../bin/bench-memory ./memory && ../../bin/bench-memory sync

.PHONY: bench-peers
bench-peers: ## Read the same partners with other clients, from your ODOO_URL (needs python3-odoorpc)
	cd runtime/bench && go run -mod=mod ./peers

.PHONY: bench-pull
bench-pull: ## Pull all models of your ODOO_URL, against the time that fields_get alone takes
	go test -tags live -run '^$$' -bench '^BenchmarkLivePull$$' -benchtime 5x -timeout 30m ./introspect

.PHONY: bench-sync
bench-sync: ## Sync SYNC_ROWS partners (5000) with your ODOO_URL, beside load, odoorpc (python3-odoorpc) and a write per row
	go test -tags live -run '^$$' -bench '^BenchmarkLiveSync$$' -benchtime 1x -timeout 60m ./runtime/livetest

.PHONY: bench-walk
bench-walk: ## Walk through 20,000 partners, made on your ODOO_URL for it, against the server's own time
	cd runtime/bench && go run -mod=mod ./walk
