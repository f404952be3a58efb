# Everything is built in a cache folder: $QBO_CACHE, else ~/.cache/qbo_connector.
.PHONY: help setup demo test suites lint bench chaos walk pot

help:
	@echo 'make demo           set all up, run the main job, stay up for a look'
	@echo 'make demo SERVE=0   the same, and end with "demo: OK"'
	@echo 'make test           set all up and run all tests'
	@echo 'make suites         run Odoo'\''s own tests with the addons installed; ARGS=modules'
	@echo 'make lint           check the code'
	@echo 'make pot            write the translation templates anew'
	@echo 'make bench          measure; ARGS=--help for single rows'
	@echo 'make chaos          break everything for minutes; ARGS=--help'
	@echo 'make walk           random business for minutes, then judge the books; ARGS=--help'
	@echo 'make setup          only fetch what the others need'

setup:
	@dev/run setup

demo:
	@dev/run demo $(if $(filter 0,$(SERVE)),--no-serve)

test:
	@dev/run test

suites:
	@dev/run odoo-suites $(ARGS)

lint:
	@dev/run lint

pot:
	@dev/run pot

bench:
	@dev/run bench $(ARGS)

chaos:
	@dev/run chaos $(ARGS)

walk:
	@dev/run walk $(ARGS)
