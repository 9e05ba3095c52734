# Everything that is done with the source. make alone explains its targets.

GO          ?= go
GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
POSTGRES    := postgresql=initdb
TESTED      := $(POSTGRES) prometheus=promtool chromium=chromium systemd=systemd-analyze pgbouncer=pgbouncer curl=curl
VERSION     ?= $(shell git describe --tags --always --dirty)
TEST_FLAGS  ?=
PACKAGES    ?= ./...
BACKTEST_FLAGS ?=
FUZZ_RUNS   ?= 50000
BENCH       ?=

.DEFAULT_GOAL := help
.PHONY: help demo build release sbom reproducible test race lint check generate schemas golden fuzz vuln backtest bench

help: ## Explain the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start everything on this machine with a sample cohort
	@.ci/need $(POSTGRES)
	$(GO) build -o bin/citygauge ./cmd/citygauge
	bin/citygauge demo

build: ## Build bin/citygauge
	$(GO) build -o bin/citygauge ./cmd/citygauge

release: ## Build bin/citygauge as it is shipped: static, named VERSION, the same wherever it is built
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=true -ldflags "-s -w -X main.release=$(VERSION)" -o bin/citygauge ./cmd/citygauge

sbom: release ## Write what bin/citygauge is made of, with versions and sums, to bin/citygauge.sbom
	$(GO) version -m bin/citygauge | tail -n +2 >bin/citygauge.sbom

reproducible: ## Build the release in two folders, and compare
	@.ci/reproducible

test: ## Run every test (of PACKAGES), against a real Postgres, Prometheus and Chromium
	@.ci/need $(TESTED)
	$(GO) test $(TEST_FLAGS) $(PACKAGES)

race: ## Run every test (of PACKAGES) under the race detector
	@.ci/need $(TESTED) gcc=gcc
	CGO_ENABLED=1 $(GO) test -race $(TEST_FLAGS) $(PACKAGES)

lint: ## Look for what the project's rules forbid
	$(GO) run $(GOLANGCI) run ./...

check: ## Make sure that what is generated and go.mod are up to date
	$(GO) generate ./...
	$(GO) mod tidy
	git diff --exit-code

generate: ## Write the dashboards
	$(GO) generate ./...

schemas: ## Write the types of Grafana's releases, to which the dashboards are held; needs npm
	dashboards/schema/make.sh

golden: ## Rewrite the golden files of all tests; look at the difference before committing
	UPDATE_GOLDEN=1 $(GO) test ./...

# Counted, not timed: before Go 1.27 a run that ends by the clock can fail without
# an input that fails (golang/go#75804).
fuzz: ## Try every parser on FUZZ_RUNS (50,000) inputs made up from the ones known
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZ_RUNS)x -fuzzminimizetime 10x $$package || exit 1; \
		done; \
	done

vuln: ## Look for known vulnerabilities in what the program uses; needs vuln.go.dev, or VULN_DB
	$(GO) run $(GOVULNCHECK) $(if $(VULN_DB),-db $(VULN_DB)) ./...

backtest: ## Try the forecast on the observations in DATA (a folder), and on simulated series
	$(GO) run ./cmd/citygauge backtest $(BACKTEST_FLAGS) $(DATA)

bench: ## Measure (all, or the part BENCH) beside what one would use otherwise; all is written to docs/benchmarks.md
	@.ci/need $(POSTGRES) prometheus-postgres-exporter=prometheus-postgres-exporter
	$(GO) run ./internal/bench $(BENCH)
