# Two commands: `make demo` and `make test`. Everything is built once, in release mode.

BUILD = swift build -c release --explicit-target-dependency-import-check error
PROGRAM = .build/release/steelyard
VENV = .venv
export STEELYARD_PYTHON = $(CURDIR)/$(VENV)/bin/python3

.PHONY: demo run test lint format bench build tools packages-build packages-demo packages-test clean

# The main job on simulated instruments; what it makes lies in demo/.
demo: build tools
	$(PROGRAM) demo --output demo

# The console on the demonstration's data, at http://127.0.0.1:8080
run: build tools
	test -f demo/steelyard.sqlite || $(PROGRAM) demo --output demo
	$(PROGRAM) serve --database demo/steelyard.sqlite

build: packages-build
	$(BUILD) --product steelyard

# The whole suite, with the independent peers it is tested against. The demonstration lives on an
# accelerated clock and is tested by itself, so that no other test makes it late.
test: packages-test tools
	$(BUILD) --build-tests
	swift test -c release --skip-build --disable-xctest --skip '^DemonstrationTests\.'
	swift test -c release --skip-build --disable-xctest --filter '^DemonstrationTests\.'

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

format:
	swift format --in-place --recursive Sources Tests Package.swift

# Ratios against a peer in the same run; see Benchmarks/README.md.
bench: build tools
	Benchmarks/run.sh

# Python packages, pinned, in an environment of this folder's own.
tools: $(VENV)/installed

$(VENV)/installed: Tests/requirements.txt | packages-demo
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement Tests/requirements.txt
	touch $@

packages-build:
	@.ci/packages build

packages-demo:
	@.ci/packages demo

packages-test:
	@.ci/packages build demo test

clean:
	rm -rf .build $(VENV) demo
