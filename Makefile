# The commands of TaskFlow. `make help` lists them.
.PHONY: help setup run test test-web check fmt lint docs openapi release judge bench bench-quick bench-counts prove fuzz clean

SWIFT_FLAGS := --explicit-target-dependency-import-check error

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## Install system libraries, fetch Swagger UI, the list of common passwords, libraries and icons of the web interface
	@scripts/setup

run: setup ## Build in release, migrate and serve on http://127.0.0.1:8080 with the data in ./data
	swift build $(SWIFT_FLAGS) -c release --product taskflow
	exec "$$(swift build -c release --show-bin-path)/taskflow" serve

test: ## Run every test on SQLite and, beside it, those that meet a database on PostgreSQL; then the web interface in a browser
	scripts/setup tests
	swift build $(SWIFT_FLAGS) --build-tests
	scripts/test-engines "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/taskflowPackageTests.xctest"
	scripts/test-web "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/taskflow"

test-web: ## Test the web interface alone: types, rules with Node, and the whole page in a browser
	scripts/setup tests
	swift build $(SWIFT_FLAGS) --product taskflow
	scripts/test-web "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/taskflow"

check: setup lint test judge ## What CI runs: format, warnings as errors, imports, tests, outside judges

lint: ## Check the format of every source file
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz

fmt: ## Format every source file
	swift format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

docs: setup ## Write docs/openapi.json and docs/configuration.md anew from the code
	TASKFLOW_TEST_UPDATE_GOLDEN=1 swift test $(SWIFT_FLAGS) --filter GoldenTests

openapi: setup ## Print the OpenAPI document
	@swift build --quiet --product taskflow
	@"$$(swift build --show-bin-path)/taskflow" openapi

release: setup ## Build the optimised binary
	swift build $(SWIFT_FLAGS) -c release --product taskflow

judge: setup ## Let outside tools judge the running server: OpenAPI validator, schemathesis, generated clients
	scripts/setup judges
	swift build $(SWIFT_FLAGS) --product taskflow
	scripts/judge "$$(swift build --show-bin-path)/taskflow"

bench: release ## Measure TaskFlow against its peers, and at a million tasks; takes about an hour
	scripts/setup-bench
	bench/run

bench-quick: release ## Measure what the targets name; under 3 minutes once everything is built
	scripts/setup-bench
	bench/run --quick

bench-counts: release ## Count the instructions of a request with Valgrind; fails when a figure has grown by more than 5 %
	scripts/setup-bench
	bench/counts

prove: release ## Kill, freeze and cut off what the server stands on, under load; figures to docs/proofs, about 15 minutes
	scripts/setup proofs
	prove/run

FUZZ_BUILD := TASKFLOW_FUZZ=1 swift build $(SWIFT_FLAGS) --scratch-path .build/fuzz --product fuzz

fuzz: setup ## Fuzz the parsers that strangers reach: each for FUZZ_SECONDS (60), or one with FUZZ_TARGET
	$(FUZZ_BUILD)
	scripts/fuzz "$$($(FUZZ_BUILD) --show-bin-path)/fuzz" $(FUZZ_TARGET)

clean: ## Remove what was built and fetched; the data stays
	rm -rf .build assets WebApp/vendor
