#   make up        install what building needs, build, bring the herd up
#   make down      take the herd down
#   make test      install what testing needs, build with ASan and UBSan, pass
#                  all tests that need gcc and our libraries only, count them;
#                  .ci/run passes them in other builds, too, and those that
#                  need more
#   make deps      install what building needs
#   make           build the programs into build/release
#   make check     the tests that start no herd, in one MODE
#   make check-all these and those that do
#   make lint      install linters, then: clang-tidy, cppcheck, shellcheck,
#                  format, house rules
#   make format    lay out the sources as .clang-format says
#   make sim       simulate herds in every weather: SEEDS=1000 SEED=7 SERVERS=
#                  LINKS= LOSS= TOPOLOGY=file.zpl KILL=Ball; HELP=1 says more
#   make costs     measure what docs/costs.md tells
#   make bench     measure zherd beside others, into docs/bench: QUICK=1, or
#                  WORK= PROGRAM= ROUNDS= MINUTES=44
#   make bench-tcp  what ZeroMQ costs: zherd beside itself over plain TCP, in
#                  five minutes, into build/look
#   make bench-listen  IAMAT beside a thousand listeners at five servers
#   make bench-frames  how often the live page draws ten thousand clients that
#                  move, in Chromium: scripts/install-deps browser
#   make weather   real herds on slow, long and lossy lines, for a quarter of an
#                  hour: CASES='5mbit loss' OTHER_BUILD=; as root
#   make soak      a real herd in faults of all kinds, and whether it keeps its
#                  promises: SEED=1 SECONDS=1800 OTHER_BUILD=; as root
#   make alerts    each alert fires and clears at a real Prometheus: five minutes
#   make disk-faults  cut the power of the table's disk again and again, at any
#                  call, also while calls fail: SEED=1 SECONDS=300
#   make report    set docs/report/report.pdf from docs/bench
#   make fuzz      FUZZER=peer|door|link|answer|client|google|overpass|records|
#                  phone|v1|gate
#                  SECONDS=600 (clang)
#   make install   PREFIX=/usr/local DESTDIR=; make uninstall takes it away
#   make deb       a package for Debian, into build/deb
#   make test-package  what .ci/run does with a quicker one, and the package in a
#                  bare Debian, with systemd and without; as root, with
#                  mmdebstrap and systemd-container
#   make clean     remove build/
#   make help      this text
#
#   MODE=release|debug|asan|tsan chooses the build and its folder; test and up
#   build on all cores if -j does not say how many.

MODE   ?= release
PREFIX ?= /usr/local
CC     ?= cc
FUZZER ?= link
BUILD  := build/$(MODE)
VERSION := 0.2.0
#  POSIX seconds: a clock that shows less is none
MADE := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),\
    $(shell date +%s))

PACKAGES := libczmq libzmq libcurl jansson libsodium libmicrohttpd zlib
MQTT_PACKAGES := libmosquitto
NATS_PACKAGES := libnats libcrypto
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
    -Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings \
    -Wimplicit-fallthrough -Werror
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
#  The programs are optimised as one piece, tests take the objects as they are:
#  --wrap would not see calls that are inlined
LTO := $(if $(findstring clang,$(CC)),,-flto=auto)
LINK_release := -fno-lto
#  What is tested is optimised in full.  Tests, half of all that is compiled, are
#  not, but for the simulator.
TESTED_release = -fno-lto $(if $(filter $(BUILD)/tests/sim/%,$@),,-O1)
#  Many tests are linked, which a quicker linker does in a third of the time
QUICK_LD = $(eval QUICK_LD := $(shell $(CC) -fuse-ld=gold -Wl,--version \
    >/dev/null 2>&1 && echo -fuse-ld=gold))$(QUICK_LD)
#  Those of the flags that the compiler has, asked once
has = $(shell $(CC) -Werror $(1) -fsyntax-only -x c /dev/null 2>/dev/null \
    && echo $(1))
HARDENING = $(eval HARDENING := $$(foreach flag,-fstack-clash-protection \
    -fcf-protection -ftrivial-auto-var-init=zero,$$(call has,$$(flag))))$(HARDENING)
#  Only here, not where a debugger or a sanitizer has to see it, zherd closes its
#  memory to others
CFLAGS_release = -O3 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE \
    $(HARDENING) -DZHERD_CLOSED $(LTO) $(LTO:-flto%=-ffat-lto-objects)
CFLAGS_debug := -Og -g
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer $(SANITIZERS)
CFLAGS_tsan := -O1 -g -fsanitize=thread
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_asan := $(SANITIZERS)
LDFLAGS_tsan := -fsanitize=thread

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DZHERD_VERSION='"$(VERSION)"' \
    -Iinclude -Itests $(WARNINGS) $(CFLAGS_$(MODE)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(MODE)) $(LINK_$(MODE)) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lm

comma := ,
#  The folders that libcore.a and libio.a are built of, lowest first
CORE_SHELVES := base page table follow wire audit flood region command core
IO_SHELVES := loop log store providers config keys tokens http lookup \
    connections reports web mesh admin io
objects = $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard $(1:%=src/%/*.c)))
tests = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/$(1)/test_*.c))

PROGRAMS := $(addprefix $(BUILD)/,zherd zherd-places zherd-load zherd-mqtt \
    zherd-gateway)
#  As the linker wants them: who needs others first
ROOMS := $(patsubst %,$(BUILD)/lib%.a,gateway mqtt load places io core)
#  Those that take longest begin first
TESTS := $(call tests,sim) $(call tests,load) $(call tests,io) \
    $(call tests,places) $(call tests,unit) \
    $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
HERD_TESTS := $(wildcard tests/hosts/*.t) $(wildcard tests/herd/*.t)
#  The same for all of them: herds mostly wait, and the storm computes beside them
ALL_TESTS := $(wildcard tests/hosts/*.t) $(BUILD)/tests/sim/test_storm
ALL_TESTS += $(filter-out $(ALL_TESTS),$(HERD_TESTS) $(TESTS))
#  Rooms that have threads, of their own or of their libraries
THREAD_TESTS := $(call tests,load) $(call tests,io)
SOURCES := $(shell find src include tests -name '*.[ch]' 2>/dev/null)

.PHONY: all test check check-all check-threads check-ci up down lint \
    check-format format deps packages test-packages install uninstall deb \
    test-package clean help sim costs fuzz bench bench-tcp bench-listen \
    bench-frames bench-peers weather soak alerts disk-faults report

#  Unless the caller says how many jobs to run
ALL_CORES = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

all: $(PROGRAMS)

$(PROGRAMS): LINK_release := $(LTO)
$(PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(ROOMS)
	@echo "  ld  $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

#  No other program is to need a library that it does not use
$(BUILD)/zherd-mqtt $(BUILD)/tests/io/test_broker: \
    LIBS += $(shell pkg-config --libs $(MQTT_PACKAGES))
$(BUILD)/zherd-gateway $(BUILD)/tests/io/test_session \
    $(BUILD)/tests/io/test_standing: \
    LIBS += $(shell pkg-config --libs $(NATS_PACKAGES))

$(BUILD)/libcore.a: $(call objects,$(CORE_SHELVES))
$(BUILD)/libio.a: $(call objects,$(IO_SHELVES))
$(BUILD)/libplaces.a: $(call objects,places)
$(BUILD)/libload.a: $(call objects,load)
$(BUILD)/libmqtt.a: $(call objects,mqtt)
$(BUILD)/libgateway.a: $(call objects,gateway)
$(ROOMS):
	@echo "  ar  $@"
	@rm -f $@
	@ar rcs $@ $^

#  It is part of the program
$(BUILD)/web/openapi.o: docs/openapi.json

#  The live page, with Debian's Leaflet
LEAFLET := /usr/share/javascript/leaflet
SITE := $(addprefix site/,page.html page.css page.js feed.js map.js dots.js \
    glide.js ground.js herd.js land.json cities.json icon.svg) \
    $(addprefix $(LEAFLET)/,leaflet.min.js leaflet.css)
SITE_FILES := $(BUILD)/web/site_files.o
$(BUILD)/libio.a: $(SITE_FILES)

$(BUILD)/site/%.gz: site/%
	@mkdir -p $(@D)
	@gzip -9nc $< >$@

$(BUILD)/site/%.gz: $(LEAFLET)/%
	@mkdir -p $(@D)
	@gzip -9nc $< >$@

$(LEAFLET)/%: | packages ;

$(SITE_FILES): src/web/site_files.S $(SITE) \
    $(patsubst %,$(BUILD)/site/%.gz,$(notdir $(SITE)))
	@mkdir -p $(@D)
	@echo "  as  $@"
	@$(CC) -Wa,-I,$(BUILD)/site -c -o $@ $<

#  Nobody else is to be compiled anew for that
$(BUILD)/io/daemon.o: ALL_CFLAGS += -DZHERD_MADE=$(strip $(MADE))

#  Who builds without them is told what to do, and not what is not found
packages:
	@{ pkg-config --exists $(PACKAGES) $(MQTT_PACKAGES) \
	    $(NATS_PACKAGES) 2>/dev/null && \
	    test -e $(LEAFLET)/leaflet.min.js; } || \
	    { echo 'zherd is built with packages that are not installed:' \
	    'run "make deps"' >&2; exit 1; }

test-packages: packages
	@pkg-config --exists cmocka || \
	    { echo 'tests are built with packages that are not installed:' \
	    'run "scripts/install-deps test"' >&2; exit 1; }

$(BUILD)/%.o: src/%.c | packages
	@mkdir -p $(@D)
	@echo "  cc  $@"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

#  The simulator's own programs: make sim, make costs
SIM_MAINS := zherd-sim costs

#  Test programs: each is one file; tests/*/*.c that are not test_* are shared
#  by the tests of their folder, two of them by the load generator's.  Fuzzers
#  are tests too: each with replay.c in libFuzzer's place, over its corpus.
HELPERS = $(patsubst tests/%.c,$(BUILD)/tests/%.o,\
    $(filter-out $(wildcard tests/*/test_*.c tests/fuzz/fuzz_*.c) \
    $(SIM_MAINS:%=tests/sim/%.c),\
    $(wildcard tests/*/*.c)))
HELPERS_io := $(BUILD)/tests/unit/chance.o
HELPERS_load = $(BUILD)/tests/unit/chance.o $(BUILD)/tests/unit/spans.o
helpers = $(filter $(1)/% $(HELPERS_$(notdir $(1))),$(HELPERS))

$(BUILD)/tests/%.o: tests/%.c | packages
	@mkdir -p $(@D)
	@echo "  cc  $@"
	@$(CC) $(ALL_CFLAGS) $(TESTED_$(MODE)) -MMD -MP -c -o $@ $<

#  The simulator and the switch are built without cmocka
$(TESTS:%=%.o) $(BUILD)/tests/sim/ring.o \
    $(filter-out $(BUILD)/tests/sim/% $(BUILD)/tests/weather/%,$(HELPERS)): \
    | test-packages

.SECONDEXPANSION:
$(TESTS): $(BUILD)/tests/%: $(BUILD)/tests/%.o \
    $$(call helpers,$$(@D)) $(ROOMS)
	@echo "  ld  $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(QUICK_LD) -o $@ $^ -lcmocka $(LIBS)

#  Hashes that unit tests have computed go by tests/unit/crowd.c, what they
#  allocate by tests/unit/shortage.c
$(filter $(BUILD)/tests/unit/%,$(TESTS)): \
    ALL_LDFLAGS += -Wl,--wrap=crypto_shorthash_siphash24 \
    $(addprefix -Wl$(comma)--wrap=,malloc calloc realloc)

#  What tests/sim/ablation.c can replace
ABLATIONS := location_compare window_room link_acknowledge
$(filter $(BUILD)/tests/sim/%,$(TESTS)) $(SIM_MAINS:%=$(BUILD)/tests/sim/%): \
    ALL_LDFLAGS += $(ABLATIONS:%=-Wl,--wrap=%)

$(SIM_MAINS:%=$(BUILD)/tests/sim/%): %: %.o \
    $$(filter-out $(BUILD)/tests/sim/ring.o,$$(call helpers,$$(@D))) \
    $(BUILD)/libgateway.a $(BUILD)/libio.a $(BUILD)/libcore.a
	@echo "  ld  $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

#  Whatever is said on the command line is a word for the simulator
sim: $(BUILD)/tests/sim/zherd-sim
	@$< $(filter-out MODE=% CC=% CFLAGS=% LDFLAGS=%,$(MAKEOVERRIDES))

costs: $(BUILD)/tests/sim/costs
	@$<

#  What zherd is measured beside, whatever the MODE as fast as it can be
PEERS := $(addprefix build/bench/,echo floor relay bulk stranger stub bus traps \
    bare)
bench-peers: $(PEERS) $(addprefix build/bench/,HerdThreads.class near tcp/zherd \
    jetstream)

$(PEERS): build/bench/%: build/bench/%.o build/bench/wire.o build/bench/words.o
	@echo "  ld  $@"
	@$(CC) $(LDFLAGS_release) $(LDFLAGS) -o $@ $^ -lzmq -lmicrohttpd -ljansson \
	    -lsodium

build/bench/jetstream: build/bench/jetstream.o
	@echo "  ld  $@"
	@$(CC) $(LDFLAGS_release) $(LDFLAGS) -o $@ $^ \
	    $(shell pkg-config --libs $(NATS_PACKAGES))

build/bench/%.o: tests/bench/peers/%.c
	@mkdir -p $(@D)
	@echo "  cc  $@"
	@$(CC) -std=c11 -D_GNU_SOURCE -Itests $(WARNINGS) $(CFLAGS_release) \
	    $(CFLAGS) -MMD -MP -c -o $@ $<

#  zherd over plain TCP: what its linker has found before, it takes from no
#  library.  Beside it are all that tests/herd starts, for HERD_BIN
OVER_TCP := $(patsubst tests/%.c,build/%.o,$(wildcard tests/bench/tcp/*.c))
build/bench/tcp/zherd: build/release/zherd.o $(OVER_TCP) \
    $(addprefix build/release/,libio.a libcore.a)
	@echo "  ld  $@"
	@$(CC) -std=c11 $(CFLAGS_release) $(CFLAGS) $(LDFLAGS_release) $(LDFLAGS) \
	    $(LTO) -o $@ $^ $(LIBS)
	@ln -sf $(addprefix ../../release/zherd-,places load mqtt) $(@D)

build/bench/tcp/%.o: tests/bench/tcp/%.c
	@mkdir -p $(@D)
	@echo "  cc  $@"
	@$(CC) -std=c11 -D_GNU_SOURCE -Iinclude -Itests $(WARNINGS) \
	    $(CFLAGS_release) $(CFLAGS) -MMD -MP -c -o $@ $<

#  Who is near, beside Redis
build/bench/near: tests/bench/near.c build/release/libcore.a
	@mkdir -p $(@D)
	@echo "  ld  $@"
	@$(CC) -std=c11 -D_GNU_SOURCE -Iinclude -Itests $(WARNINGS) \
	    $(CFLAGS_release) $(CFLAGS) $(LDFLAGS_release) $(LDFLAGS) $(LTO) \
	    -o $@ $^ $(LIBS)

#  The same works as docs/zeromq.md has
bench-tcp:
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release all \
	    build/bench/tcp/zherd
	@tests/bench/bench --work 'herd-*,propagate,restart-[!1]*,code' \
	    --program zherd,zherd-mesh,zherd-tcp,zherd-tcp-mesh \
	    $(ROUNDS:%=--rounds %)

bench-listen:
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release
	@tests/bench/listen

bench-frames:
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release
	@tests/browser/frames

build/bench/%.class: tests/bench/peers/%.java
	@mkdir -p $(@D)
	@echo "  javac  $@"
	@javac -Xlint:all -Werror -cp $(@D) -d $(@D) $<

build/bench/HerdThreads.class: build/bench/HerdJava.class

#  At most 45 minutes; tests/bench/bench -h says more
bench:
	@scripts/install-deps bench
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release all bench-peers \
	    build/release/tests/sim/zherd-sim
	@tests/bench/bench $(if $(QUICK),--quick) $(if $(WORK),--work '$(WORK)') \
	    $(if $(PROGRAM),--program '$(PROGRAM)') $(ROUNDS:%=--rounds %) \
	    $(MINUTES:%=--minutes %)

#  Lines between namespaces, on which real herds are tried
SWITCH := $(BUILD)/tests/weather/switch
$(SWITCH): $(addprefix $(BUILD)/tests/weather/,switch.o reset.o)
	@echo "  ld  $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

weather: $(PROGRAMS) $(SWITCH)
	@tests/weather/weather --switch $(SWITCH) \
	    --build $(or $(OTHER_BUILD),$(BUILD)) $(CASES)

soak: $(PROGRAMS) $(SWITCH)
	@tests/weather/soak --switch $(SWITCH) \
	    --build $(or $(OTHER_BUILD),$(BUILD)) \
	    --seed $(or $(SEED),1) --seconds $(or $(SECONDS),1800)

alerts: $(PROGRAMS)
	@HERD_BIN=$(BUILD) tests/weather/alerts

#  The seed decides what is cut and fails, not what threads do between
disk-faults: $(BUILD)/tests/io/test_power
	@DISK_SEED=$(or $(SEED),1) DISK_SECONDS=$(or $(SECONDS),300) $<

report:
	@scripts/install-deps report
	@docs/report/build

check: $(PROGRAMS) $(TESTS)
	@scripts/run-tests $(BUILD) $(TESTS)

check-all: $(PROGRAMS) $(SWITCH) $(TESTS)
	scripts/check-border $(BUILD)/libcore.a
	@scripts/run-tests $(BUILD) $(ALL_TESTS)

test:
	@scripts/install-deps test
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=asan check-all

check-threads: $(THREAD_TESTS)
	@TSAN_OPTIONS=suppressions=tests/tsan.supp \
	    scripts/run-tests $(BUILD) $(THREAD_TESTS)

#  What needs more than gcc and our libraries
check-ci: $(PROGRAMS)
	@scripts/run-tests $(BUILD) $(wildcard tests/ci/*.t)

#  clang's libFuzzer; what it finds goes to build/fuzz, to be added to
#  tests/fuzz/corpus once mended
FUZZED_peer := tests/fuzz/forger.c tests/fuzz/judge.c
TRANSLATED := src/providers/legacy.c src/providers/pieces.c \
    tests/fuzz/translated.c
FUZZED_google := src/providers/google.c $(TRANSLATED)
FUZZED_overpass := src/providers/overpass.c $(TRANSLATED)
FUZZED_phone := src/reports/*.c
FUZZED_v1 := src/reports/*.c $(patsubst %,src/web/%.c,around collection \
    exchange geojson listing openapi parameter v1 where)
FUZZED_gate := $(patsubst %,src/web/%.c,exchange gate origin) \
    src/reports/form.c src/http/host.c src/tokens/tokens.c src/config/zpl.c
FUZZED_records := $(patsubst %,src/places/%.c,splitter outline columns \
    geonames feature shape tags category kind place)
fuzz:
	@scripts/install-deps ci
	@mkdir -p build/fuzz/$(FUZZER)
	clang -std=c11 -D_GNU_SOURCE -Iinclude -Itests -g -O1 \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -fsanitize-coverage-ignorelist=tests/fuzz/unguided.txt \
	    tests/fuzz/fuzz_$(FUZZER).c \
	    $(CORE_SHELVES:%=src/%/*.c) $(FUZZED_$(FUZZER)) \
	    -o build/fuzz/fuzz_$(FUZZER) $(LIBS)
	build/fuzz/fuzz_$(FUZZER) -max_total_time=$(or $(SECONDS),600) \
	    -artifact_prefix=build/fuzz/$(FUZZER)- build/fuzz/$(FUZZER) \
	    tests/fuzz/corpus/fuzz_$(FUZZER)

deps:
	@scripts/install-deps

up: deps
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release all
	@scripts/herd up

down:
	@scripts/herd down

#  The compiler's own warning of reserved names costs nothing; the checks that
#  clang-tidy has for them read each name of each system header, three times.
#  The analyser looks at less than half of what it would of a large function:
#  faults that were made on purpose it finds with a quarter.
TIDY_FLAGS := -std=c11 -D_GNU_SOURCE -DZHERD_VERSION=\"\" -DZHERD_MADE=0 \
    -Iinclude -Itests -Wreserved-identifier \
    -Xclang -analyzer-config -Xclang max-nodes=100000

lint:
	@scripts/install-deps ci
	@$(MAKE) --no-print-directory check-format $(BUILD)/libcore.a
	scripts/check-style
	scripts/check-border $(BUILD)/libcore.a
	shellcheck -x scripts/* tests/*/*.t tests/h*/*.sh tests/package/* \
	    service/completion.bash .ci/run docs/report/build
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	    --error-exitcode=1 --inline-suppr --suppress=missingIncludeSystem \
	    -Iinclude src
	@echo $(filter %.c,$(SOURCES)) | xargs -P $$(nproc) -n 1 sh -c \
	    'clang-tidy --quiet "$$@" -- $(TIDY_FLAGS) 2>/dev/null' lint

check-format:
	@echo "clang-format --dry-run -Werror"
	@clang-format --dry-run -Werror $(SOURCES)

format:
	@clang-format -i $(SOURCES)

#  What is installed, a line each: its mode, the file, and where it goes.  The
#  package has the same.
SHARE := $(PREFIX)/share/zherd
UNITS ?= $(patsubst /usr/lib/%,/lib/%,$(PREFIX)/lib/systemd/system)
ETC := $(if $(filter /usr /usr/local,$(PREFIX)),,$(PREFIX))/etc
MANUALS := $(wildcard docs/man/*.[1-8])
define INSTALLED
$(foreach program,$(PROGRAMS),755 $(program) $(PREFIX)/bin/
)755 scripts/herd $(PREFIX)/bin/zherdctl
$(foreach file,$(wildcard topology/*.zpl data/*.tsv data/*.gz data/LICENSE*) \
    service/machine.zpl monitoring/zherd.rules.yml,644 $(file) $(SHARE)/
)$(foreach page,$(MANUALS),644 $(page) \
    $(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/
)$(foreach page,README.md SECURITY.md docs/nginx.conf \
    $(filter-out docs/architecture.md,$(wildcard docs/*.md)),644 $(page) \
    $(PREFIX)/share/doc/zherd/
)$(foreach program,$(notdir $(PROGRAMS)) zherdctl,644 service/completion.bash \
    $(PREFIX)/share/bash-completion/completions/$(program)
)$(foreach unit,zherd@.service zherd-gateway@.service zherd-places.service \
    zherd.target,644 service/$(unit) $(UNITS)/
)644 CHANGELOG.md $(PREFIX)/share/doc/zherd/changelog
644 service/sysusers.conf $(PREFIX)/lib/sysusers.d/zherd.conf
644 service/logrotate $(ETC)/logrotate.d/zherd
endef
export INSTALLED

#  In what goes to a folder, @BIN@ and @SHARE@ are where programs and data are
place = while read -r mode file where; do \
    case $$where in */) where=$$where$${file\#\#*/} ;; esac

install: all
	@echo "$$INSTALLED" | { $(place); \
	    install -D -m $$mode $$file "$(DESTDIR)$$where" || exit; \
	    case $$file in service/*) sed -i \
	        's|@BIN@|$(PREFIX)/bin|; s|@SHARE@|$(SHARE)|' \
	        "$(DESTDIR)$$where" || exit ;; esac; done; }

uninstall:
	@echo "$$INSTALLED" | { $(place); \
	    rm -f "$(DESTDIR)$$where"; done; }
	@rmdir "$(DESTDIR)$(SHARE)" "$(DESTDIR)$(PREFIX)/share/doc/zherd" \
	    2>/dev/null || true

#  As Debian builds, in a copy of what git has: build/deb has the package
DEB := build/deb/zherd-$(VERSION)
deb:
	@scripts/install-deps package
	@rm -rf build/deb && mkdir -p $(DEB)
	@git ls-files -z | xargs -0 cp --parents -t $(DEB)
	@cd $(DEB) && dpkg-buildpackage -b -us -uc >../log 2>&1 || \
	    { tail -n 20 ../log >&2; exit 1; }
	@ls build/deb/zherd_*.deb

#  The package in full, and in a bare Debian, with systemd and without
test-package:
	@scripts/install-deps package
	@mkdir -p build/deb
	@$(MAKE) --no-print-directory $(ALL_CORES) MODE=release all
	@PACKAGE_FLAGS= PACKAGE_KEEP=$(CURDIR)/build/deb/tried.deb \
	    scripts/run-tests build/release tests/ci/package.t
	@tests/package/bare build/deb/tried.deb

clean:
	rm -rf build

help:
	@sed -n 's/^#   //p' Makefile

-include $(shell find $(BUILD) build/bench -name '*.d' 2>/dev/null)
