# A thin front for cmake, ctest and the scripts in tests/stack. `make` lists what there is.

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 30
TIDY ?= handlers|shared|tests
ANALYZE ?= yes
comma = ,

cmake = cmake -S . -G Ninja
# Most tests wait more than they work.
ctest = ctest --output-on-failure --parallel $(shell expr 3 '*' $$(nproc))
sources = find handlers shared tests -name '*.[ch]pp'
scripts = grep -rlIE '^\#!.*[/ ](ba)?sh( -.*)?$$' . --exclude-dir=.git --exclude-dir='build*' \
              --exclude-dir=var --exclude='*.md' --exclude=Makefile

.PHONY: help deps configure build binaries run demo test unit integration stack fault system deb \
        sanitized asan lint tidy format fuzz bench-deps bench-binaries bench bench-scale bench-smoke install \
        clean
.NOTPARALLEL: # ninja and ctest know better

help:         ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

deps:         ## install the Debian packages that are missing (.ci/packages)
	@.ci/deps

configure: deps
	@test -e build/build.ninja || $(cmake) -B build

build: configure ## compile into build/
	@cmake --build build

# The tests take longer to compile than all the rest.
binaries: configure
	@cmake --build build --target handlers/all

run: binaries ## the stack in the foreground: make run [STATE_DIR=var] [PORT=8080]; Ctrl-C stops it
	@tests/stack/run --die-with-parent

demo: binaries ## a crash from upload to backtrace, in a stack of its own; ends by itself
	@tests/stack/demo

test: build   ## all tests but the one that boots a machine (make system)
	$(ctest) --test-dir build -LE system

unit: build   ## tests of single parts
	$(ctest) --test-dir build -L unit

integration: build ## tests against a real PostgreSQL, real files, a real HTTP sidecar
	$(ctest) --test-dir build -L integration

stack: build  ## tests through nginx
	$(ctest) --test-dir build -L stack

fault: build  ## what breaks: kills, power cuts, full disks; the long form
	FAULT_TESTS=long ctest --output-on-failure --verbose --test-dir build -L fault

system: build ## install the package on a Debian that is booted for it, and try it there (as root)
	ctest --test-dir build -L system --verbose

deb: deps     ## the Debian package, in build/deb/
	@.ci/deb build/deb

# They wait for others, or run scripts, and bring no bytes to parsers that the rest does not bring.
not_for_sanitizers = stack\.(access|backup|configuration|database|floods|health|identity_provider|issuer|memory|slow_clients|upload_script)

# One tree for both: the sanitizers are most of what a fuzz target is made of.
sanitized: deps
	@test -e build-asan/build.ninja || CC=clang CXX=clang++ $(cmake) -B build-asan \
	    -DCOREDEPOT_SANITIZE=ON -DCOREDEPOT_FUZZ=ON \
	    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-gline-tables-only \
	    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8

asan: sanitized build ## the same tests with AddressSanitizer and UBSan, in build-asan/
	@cmake --build build-asan
	$(ctest) --test-dir build-asan -LE system
	COREDEPOT_BUILD=$(CURDIR)/build-asan $(ctest) --test-dir build -L stack -E '$(not_for_sanitizers)'

lint: deps    ## format and shell scripts, without changing anything
	$(sources) | xargs -r clang-format --dry-run -Werror
	$(scripts) | xargs -r shellcheck -x

# Most of clang-tidy's work is in the headers: several sources in one unit (CMAKE_UNITY_BUILD) take
# a fifth of the time. Its analyzer walks only what is in the unit itself, so it goes by sources.
tidy: lint configure ## lint, and clang-tidy
	@$(cmake) -B build-tidy -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8 >/dev/null
	run-clang-tidy -quiet -p build-tidy -checks='-clang-analyzer-*' '^$(CURDIR)/(build-tidy/)?($(TIDY))/'
	$(if $(ANALYZE),run-clang-tidy -quiet -p build -checks='-*$(comma)clang-analyzer-*' '^$(CURDIR)/($(TIDY))/')

format: deps  ## let clang-format have its way
	$(sources) | xargs -r clang-format -i

fuzz: sanitized ## every fuzz target for FUZZ_SECONDS=30 each, in build-asan/
	@cmake --build build-asan --target tests/fuzz/all
	@tests/fuzz/run build-asan $(FUZZ_SECONDS)

bench-deps:
	@.ci/deps bench

# Of the tests only what measures.
bench-binaries: bench-deps configure
	@cmake --build build --target handlers/all tests/bench/all

bench: bench-binaries ## limits, a lean peer and Coredepot in one run (10 min): docs/PERFORMANCE.md; decoding [CORES_DIR=…]
	@build/tests/bench/decode_bench
	@build/tests/bench/spool_bench
	@tests/bench/run --report docs/PERFORMANCE.md

bench-scale: bench-binaries ## every endpoint with 1 000 and with 1 000 000 devices; an hour, 20 GB in /var/tmp
	@tests/bench/scale

bench-smoke: bench-binaries ## that the bench works; its figures mean nothing
	@tests/bench/load_test
	@tests/bench/run --smoke

install: configure ## the tools, man pages and docs, into DESTDIR and PREFIX=/usr/local; the service: make deb
	@cmake --build build --target coredepot-decode coredepot-fsck
	cmake --install build --prefix "$(PREFIX)" --component tools

clean:        ## remove what was built; what make run keeps in var/ stays
	rm -rf build build-asan build-tidy
