# A thin front for cmake, ctest and the scripts in tests/stack. `make` lists the targets.

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 30
TIDY ?= handlers|shared|tests
ANALYZE ?= yes
SANITIZED ?= unit|integration|stack
comma = ,

cmake = cmake -S . -G Ninja
# Most tests wait more than they compute.
ctest = ctest --output-on-failure --parallel $(shell expr 3 '*' $$(nproc)) $(CTEST_OPTIONS)
other_suite = $(filter-out $(shell . /etc/os-release && echo $$VERSION_CODENAME),$(SUITE))
sources = find handlers shared tests -name '*.[ch]pp'
scripts = grep -rlIE '^\#!.*[/ ](ba)?sh( -.*)?$$' . --exclude-dir=.git --exclude-dir='build*' \
              --exclude-dir=var --exclude='*.md' --exclude=Makefile

.PHONY: help deps configure build binaries run demo test unit integration stack browser screenshots fault cluster system docs deb \
        sanitized asan lint tidy format fuzz bench-deps bench-binaries bench bench-scale bench-page bench-smoke install \
        clean
.NOTPARALLEL: # ninja and ctest run things in parallel themselves

help:         ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

deps:         ## install missing Debian packages (.ci/packages)
	@.ci/deps

configure: deps
	@test -e build/build.ninja || $(cmake) -B build

build: configure ## compile into build/
	@cmake --build build

# Without the tests, which take longer to compile than all the rest.
binaries: configure
	@cmake --build build --target handlers/all nginx/all

run: binaries ## the stack in the foreground: make run [STATE_DIR=var] [PORT=8080]; Ctrl-C stops it
	@tests/stack/run --die-with-parent

demo: binaries ## a crash from upload to backtrace, in a stack of its own; then the page, until you press Enter
	@tests/stack/demo

test: build   ## all tests except the one that boots a machine (make system)
	$(ctest) --test-dir build -LE system

unit: build   ## tests of single parts
	$(ctest) --test-dir build -L unit

integration: build ## tests against a real PostgreSQL, real files, a real HTTP sidecar
	$(ctest) --test-dir build -L integration

stack: build  ## tests through nginx
	$(ctest) --test-dir build -L stack

browser: build ## tests of the page in chromium, without a screen
	ctest --output-on-failure --test-dir build -L browser

screenshots: binaries ## write docs/pictures, which the README shows
	@tests/browser/screenshots build docs/pictures

fault: build  ## tests of kills, power cuts and full disks, in their long form
	FAULT_TESTS=long ctest --output-on-failure --verbose --test-dir build -L fault

cluster: binaries ## several hosts, PostgreSQL with a standby and Ceph, while they die one by one (as root)
	@tests/cluster/run build

system: build ## boot a Debian, install the package there and try it (as root) [SUITE=trixie]
	ctest --test-dir build -L system --verbose

docs:         ## write the table of docs/runbook.md that is made from handlers/processes
	@docs/process-table --write

deb: deps     ## the Debian package, in build/deb/ [SUITE=trixie: as root, in build-trixie/deb/]
	@$(if $(other_suite),.ci/in $(SUITE) make deb SUITE=,.ci/deb build/deb)

# These wait for others, read sources, or run scripts or SQL alone. They feed parsers nothing that the others do not.
not_for_sanitizers = ^unit\.(alert_rules|alerts|dashboard_expressions|default_values|disk_names|doctor|layers|map|observability_docs|process|routes|unity_names)|schema_changes|stack\.(access|backup|configuration|database|description|floods|foreign_sites|health|identity_provider|issuer|logs|memory|metrics|object_storage_tls|parse_failures|slow_clients|tls|upload_script)

# One tree for asan and fuzz, because both need the code built with sanitizers.
sanitized: deps
	@test -e build-asan/build.ninja || CC=clang CXX=clang++ $(cmake) -B build-asan \
	    -DCOREDEPOT_SANITIZE=ON -DCOREDEPOT_FUZZ=ON \
	    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-gline-tables-only -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld \
	    -DCMAKE_UNITY_BUILD=ON -DCOREDEPOT_PRECOMPILE=ON

asan: sanitized build ## tests with AddressSanitizer and UBSan, in build-asan/ [SANITIZED='unit|integration|stack']
	@cmake --build build-asan --target handlers/all nginx/all $(patsubst %,tests/%/all,$(filter-out stack,$(subst |, ,$(SANITIZED))))
	$(ctest) --test-dir build-asan -L '^($(SANITIZED))$$' -E '$(not_for_sanitizers)'
	$(if $(findstring stack,$(SANITIZED)),COREDEPOT_BUILD=$(CURDIR)/build-asan \
	    $(ctest) --test-dir build -L stack -E '$(not_for_sanitizers)')

lint: deps    ## check format and shell scripts, without changing anything
	$(sources) | xargs -r clang-format --dry-run -Werror
	$(scripts) | xargs -r shellcheck -x

# Most of clang-tidy's work is in the headers, so many sources in one unit (CMAKE_UNITY_BUILD, COREDEPOT_TIDY) take
# less than a fifth of the time. Its analyzer looks only at the unit's own file, so it runs on single sources.
tidy: lint configure ## lint, and clang-tidy
	@$(cmake) -B build-tidy -DCMAKE_UNITY_BUILD=ON -DCOREDEPOT_TIDY=ON >/dev/null
	run-clang-tidy -quiet -p build-tidy -checks='-clang-analyzer-*' '^$(CURDIR)/(build-tidy/)?($(TIDY))/'
	$(if $(ANALYZE),run-clang-tidy -quiet -p build -checks='-*$(comma)clang-analyzer-*' '^$(CURDIR)/($(TIDY))/')

format: deps  ## format the sources with clang-format
	$(sources) | xargs -r clang-format -i

fuzz: sanitized ## every fuzz target for FUZZ_SECONDS=30 each, in build-asan/
	@cmake --build build-asan --target tests/fuzz/all
	@tests/fuzz/run build-asan $(FUZZ_SECONDS)

bench-deps:
	@.ci/deps bench

# Of the tests only those that measure.
bench-binaries: bench-deps configure
	@cmake --build build --target handlers/all tests/bench/all

bench: bench-binaries ## limits, a lean peer and Coredepot in one run (15 min): docs/PERFORMANCE.md; decoding [CORES_DIR=…]
	@build/tests/bench/decode_bench
	@build/tests/bench/spool_bench
	@tests/bench/run --report docs/PERFORMANCE.md

bench-scale: bench-binaries ## every endpoint with 1 000 and with 1 000 000 devices; an hour, 20 GB in /var/tmp
	@tests/bench/scale

bench-page: binaries ## how quick the page is in chromium: first paint, and from screen to screen
	@tests/bench/page build

bench-smoke: bench-binaries ## check that both benches work; their figures mean nothing
	@tests/bench/load_test
	@tests/bench/run --smoke
	@tests/bench/scale --smoke

install: configure ## install the tools, man pages and docs (DESTDIR, PREFIX=/usr/local); the service: make deb
	@cmake --build build --target coredepot-decode coredepot-fsck coredepot-migrate-objects connection_part
	cmake --install build --prefix "$(PREFIX)" --component tools

clean:        ## remove what was built, but not what make run keeps in var/
	rm -rf build build-asan build-tidy
