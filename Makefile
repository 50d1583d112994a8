# The two commands of the README, and the habits. `make` alone lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
PYTHON ?= python3
# The model of the demo: make demo MODEL=paper
MODEL := fast
# For example SWIFT_BUILD_FLAGS='-j 1' on a machine with little memory.
SWIFT_BUILD_FLAGS ?=

# Swift's own libraries are linked in: the program then runs where no Swift is installed.
RELEASE := -c release --static-swift-stdlib $(SWIFT_BUILD_FLAGS)
PROGRAM := .build/release/vdeblur
VENV := .venv-training
LINT := .venv-lint
SWIFT_SOURCES := Package.swift Sources Tests samples Benchmarks/Package.swift Benchmarks/Sources
C_SOURCES = $(shell find Sources Benchmarks/Sources training -name '*.[ch]')
TARGET := $(DESTDIR)$(PREFIX)
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

.PHONY: demo
demo: build ## install what is missing, build, deblur a sample, print the gain
	@samples/demo.sh $(PROGRAM) $(MODEL)

.PHONY: build
build: ## install what is missing, build the program
	@packaging/requirements.sh build
	@$(SWIFT) build $(RELEASE) --product vdeblur

.PHONY: test
test: ## install what is missing, run the Swift tests
	@packaging/requirements.sh build test
	@$(SWIFT) test $(SWIFT_BUILD_FLAGS)

.PHONY: test-all
test-all: ## the long form of test: every container, 500 damaged files each, memory of long clips, clusters, container
	@packaging/requirements.sh build test
	@VDEBLUR_ALL=1 VDEBLUR_DAMAGE_CASES=500 $(SWIFT) test $(SWIFT_BUILD_FLAGS)
	@$(MAKE) test-cluster test-container

.PHONY: test-cluster
test-cluster: ## the scripts of packaging/cluster on two Slurm nodes and two ssh hosts, all on this machine
	@packaging/requirements.sh build test
	@$(SWIFT) build $(SWIFT_BUILD_FLAGS) --product vdeblur
	@Tests/Cluster/run.sh .build/debug/vdeblur

.PHONY: test-container
test-container: ## build packaging/Containerfile without a daemon and run the image on a sample
	@Tests/Container/run.sh

# The undefined-behaviour sanitizer knows C only: it watches the kernels. FFmpeg keeps tables for the life of the process, so leaks are not sought
# here but by the memory tests of test-all.
SANITIZED := VideoIOTests.ConverterTests|VideoIOTests.FaultTests|VideoIOTests.HostileTests|VideoIOTests.PipeTests|VideoIOTests.SegmentTests|VideoIOTests.LevelTests|VideoIOTests.RefusalTests|VideoIOTests.FileNameTests|DeblurTests
.PHONY: sanitize
sanitize: sanitize-address sanitize-thread sanitize-undefined ## readers, writers, converters and kernels under three sanitizers, with damaged files

.PHONY: sanitize-address sanitize-thread sanitize-undefined
sanitize-address sanitize-thread: sanitize-%:
	@packaging/requirements.sh build test
	@ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 VDEBLUR_DAMAGE_CASES=60 \
	  $(SWIFT) test --sanitize=$* --scratch-path .build/sanitize-$* --filter '$(SANITIZED)' $(SWIFT_BUILD_FLAGS)

sanitize-undefined:
	@packaging/requirements.sh build test
	@UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 $(SWIFT) test --scratch-path .build/sanitize-undefined \
	  -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined -Xlinker $(UBSAN_RUNTIME) --filter DeblurTests $(SWIFT_BUILD_FLAGS)
SWIFT_RESOURCES = $(shell $(SWIFT) -print-target-info | sed -n 's/.*"runtimeResourcePath" *: *"\(.*\)".*/\1/p')
UBSAN_RUNTIME = $(SWIFT_RESOURCES)/clang/lib/linux/libclang_rt.ubsan_standalone-$(shell uname -m).a

FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: ## libFuzzer on the video reader and on the networks of arbitrary weights, a minute each (FUZZ_SECONDS)
	@packaging/requirements.sh build test
	@Tests/Fuzzing/run.sh .build/fuzz $(FUZZ_SECONDS)

.PHONY: test-training
test-training: $(VENV)/ready ## run the Python tests in a virtual environment of their own
	@$(VENV)/bin/python -m pytest training/tests -q

$(VENV)/ready: training/requirements.txt
	@packaging/requirements.sh training
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing PyTorch and the rest of $< into $(VENV) (several GB, once)."
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: install
install: $(PROGRAM) ## put program, weights, manual page and completions under PREFIX (/usr/local)
	@install -d $(TARGET)/bin $(TARGET)/share/vdeblur $(TARGET)/share/man/man1 $(DESTDIR)$(ZSH_COMPLETIONS) \
	  $(TARGET)/share/bash-completion/completions $(TARGET)/share/fish/vendor_completions.d
	@install -s -m 755 $(PROGRAM) $(TARGET)/bin/vdeblur
	@install -m 644 Sources/Deblur/Resources/*.safetensors $(TARGET)/share/vdeblur/
	@install -d $(TARGET)/share/vdeblur/cluster
	@install -m 755 packaging/cluster/* $(TARGET)/share/vdeblur/cluster/
	@gzip -9nc packaging/vdeblur.1 >$(TARGET)/share/man/man1/vdeblur.1.gz
	@$(PROGRAM) --generate-completion-script bash | sed '1{/^#!/d}' >$(TARGET)/share/bash-completion/completions/vdeblur
	@$(PROGRAM) --generate-completion-script fish >$(TARGET)/share/fish/vendor_completions.d/vdeblur.fish
	@$(PROGRAM) --generate-completion-script zsh >$(DESTDIR)$(ZSH_COMPLETIONS)/_vdeblur
	@echo "Installed $(TARGET)/bin/vdeblur"

# Builds only when a source is newer, so that `sudo make install` after `make build` needs no Swift for root.
$(PROGRAM): Package.swift $(shell find Sources -type f)
	@$(MAKE) build
	@touch $@

.PHONY: uninstall
uninstall: ## remove what install has put there
	@rm -rf $(TARGET)/share/vdeblur
	@rm -f $(TARGET)/bin/vdeblur $(TARGET)/share/man/man1/vdeblur.1.gz $(DESTDIR)$(ZSH_COMPLETIONS)/_vdeblur \
	  $(TARGET)/share/bash-completion/completions/vdeblur $(TARGET)/share/fish/vendor_completions.d/vdeblur.fish
	@echo "Removed $(TARGET)/bin/vdeblur"

.PHONY: deb
deb: $(PROGRAM) ## build a Debian package under .build/deb
	@packaging/requirements.sh deb
	@packaging/deb.sh $(PROGRAM)

.PHONY: docs
docs: ## write the libraries' reference into .build/docs, a folder for each, to be served by any web server
	@$(SWIFT) package dump-symbol-graph --minimum-access-level public >/dev/null
	@for library in Deblur VideoIO VideoDeblur; do \
	  rm -rf .build/symbols; mkdir -p .build/symbols .build/docs; \
	  find .build -path .build/symbols -prune -o -name "$$library*.symbols.json" -print | xargs cp -t .build/symbols; \
	  "$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/docc" convert "Sources/$$library/$$library.docc" --additional-symbol-graph-dir .build/symbols \
	    --fallback-display-name $$library --fallback-bundle-identifier $$library --output-path .build/docs/$$library; \
	done

.PHONY: format
format: $(LINT)/ready ## format Swift and C in place, and sort Python's imports
	@$(SWIFT) format --in-place --recursive --parallel $(SWIFT_SOURCES)
	@$(LINT)/bin/clang-format -i $(C_SOURCES)
	@$(LINT)/bin/ruff check --quiet --select I --fix

.PHONY: lint
lint: $(LINT)/ready ## complain about what `make format` would change, and about the rules of CONTRIBUTING.md that a machine knows
	@$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_SOURCES)
	@$(LINT)/bin/clang-format --dry-run --Werror $(C_SOURCES)
	@$(LINT)/bin/ruff check --quiet
	@$(LINT)/bin/python -m doctest Tests/Lint/rules.py Benchmarks/thresholds.py
	@$(LINT)/bin/python Tests/Lint/rules.py

$(LINT)/ready: Tests/Lint/requirements.txt
	@packaging/requirements.sh lint
	@test -x $(LINT)/bin/python || $(PYTHON) -m venv $(LINT)
	@$(LINT)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: bench
bench: ## measure layers, networks and whole runs
	@packaging/requirements.sh build training
	@$(MAKE) -C Benchmarks

.PHONY: bench-check
bench-check: ## measure layers and networks, and fail where one is slower beside its rivals than Benchmarks/thresholds.json allows
	@packaging/requirements.sh build training
	@$(MAKE) -C Benchmarks check

.PHONY: clean
clean: ## remove what was built
	@rm -rf .build $(VENV) $(LINT) demo
