# What can be done here. `make help` tells; nothing else needs to be known.
#
# Works as root and as an ordinary user. The network is asked for Go modules
# only, and once each for PostgreSQL, Chromium and axe-core where the machine
# lacks them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# Each tool is pinned in a module of its own, so that its dependencies never decide ours.
tool = go tool -modfile=internal/tools/$(1)/go.mod $(1)

.PHONY: help run build test screens verify generate fresh lint vet-sql tidy vulnerabilities dead bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: build ## Build and start everything on this machine; prints the address and who can sign in
	@sh internal/pgdev/setup.sh
	@exec bin/overens demo

build: ## Build bin/overens
	@go build -ldflags '-X main.version=$(VERSION)' -o bin/overens ./cmd/overens

test: ## Run every test, those with a browser included; says what was skipped and why
	@sh internal/pgdev/setup.sh
	@sh internal/browsertest/setup.sh
	@bash internal/tools/test.sh

screens: ## Walk every page in a browser and keep pictures of it in artifacts/screens
	@sh internal/pgdev/setup.sh
	@sh internal/browsertest/setup.sh
	@SCREENS=1 go test -count=1 -run 'ByEveryone|ForEveryone|Paper' ./internal/web ./internal/api

verify: fresh vet-sql lint tidy vulnerabilities ## Check what tests do not: generated code, SQL, lint, modules, known vulnerabilities

generate: ## Write the generated code anew: sqlc from SQL, templ from pages
	@$(call tool,sqlc) generate
	@$(call tool,templ) generate -log-level error

fresh: ## Check that the generated code is what `make generate` gives
	@bash internal/tools/fresh.sh

vet-sql: ## Let PostgreSQL itself prepare every query (sqlc vet)
	@sh internal/pgdev/setup.sh
	@echo 'verify: every query, prepared by PostgreSQL'
	@go run ./internal/dbtest/cmd/vetdb $(call tool,sqlc) vet

lint: ## Lint, the rule of which package may import which, and formatting
	@echo 'verify: lint, imports, formatting'
	@bash internal/tools/format.sh
	@$(call tool,golangci-lint) run

tidy: ## Check that go.mod and go.sum are tidy
	@echo 'verify: go.mod and go.sum'
	@go mod tidy -diff

vulnerabilities: ## Check the libraries against the list of known vulnerabilities
	@bash internal/tools/vulnerabilities.sh

dead: ## List functions that nothing reaches
	@$(call tool,deadcode) -test ./...

bench: ## Run the benchmarks; also in artifacts/bench.txt
	@sh internal/pgdev/setup.sh
	@mkdir -p artifacts
	@packages=$$(git grep -l --untracked '^func Benchmark' -- '*_test.go' | xargs -n 1 dirname | sort -u | sed 's|^|./|' || true); \
	if [ -z "$$packages" ]; then echo 'bench: no benchmarks'; exit 0; fi; \
	go test -tags unsealed -run '^$$' -bench . -benchmem -p 1 $$packages | tee artifacts/bench.txt

clean: ## Remove what was built and recorded; the demo's data in .data and downloads in .cache stay
	@rm -rf bin artifacts
