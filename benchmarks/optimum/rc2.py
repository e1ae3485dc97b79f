"""Solves a problem file with the MaxSAT solver RC2 and prints one JSON line: the optimum, seconds of processor time to build and to prove.

Usage: python rc2.py PROBLEM REPEATS

A release is a variable; a package has at most one; a range that something needs is a variable that implies one of what it
admits. Levels are joined by weights. RC2 is tried plain and stratified; the fastest counts.
"""

import json
import sys
import time

from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2, RC2Stratified
from pysat.formula import WCNF


def build(problem):
    formula = WCNF()
    top = 0
    chosen = []
    for package in problem["packages"]:
        chosen.append(list(range(top + 1, top + 1 + package["releases"])))
        top += package["releases"]
    for own in chosen:
        if len(own) > 1:
            at_most = CardEnc.atmost(own, 1, top_id=top, encoding=EncType.pairwise if len(own) <= 6 else EncType.seqcounter)
            formula.extend(at_most.clauses)
            top = max(top, at_most.nv)
    for target, admitted in problem["roots"]:
        formula.append([chosen[target][release] for release in admitted])
    ranges = {}
    for source, package in enumerate(problem["packages"]):
        for releases, target, admitted in package["needs"]:
            key = (target, *admitted)
            if key not in ranges:
                top += 1
                ranges[key] = top
                formula.append([-top, *(chosen[target][release] for release in admitted)])
            for release in releases:
                formula.append([-chosen[source][release], ranges[key]])
        if package["mirrors"] is not None:
            for own, base in zip(chosen[source], chosen[package["mirrors"]]):
                formula.append([-own, base])
    weights = [1] * problem["levels"]
    for level in reversed(range(problem["levels"] - 1)):
        weights[level] = weights[level + 1] * (1 + sum(sum(package["costs"][level + 1]) for package in problem["packages"]))
    for own, package in zip(chosen, problem["packages"]):
        for release, variable in enumerate(own):
            weight = sum(weights[level] * package["costs"][level][release] for level in range(problem["levels"]))
            if weight:
                formula.append([-variable], weight=weight)
    return formula, chosen


def prove(problem, make):
    began = time.process_time()
    formula, chosen = build(problem)
    built = time.process_time() - began
    began = time.process_time()
    with make(formula) as solver:
        model = solver.compute()
    solved = time.process_time() - began
    if model is None:
        return {"optimum": None, "build": built, "solve": solved}
    true = {literal for literal in model if literal > 0}
    optimum = [
        sum(
            cost
            for own, package in zip(chosen, problem["packages"])
            for variable, cost in zip(own, package["costs"][level])
            if variable in true
        )
        for level in range(problem["levels"])
    ]
    return {"optimum": optimum, "build": built, "solve": solved}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        problem = json.load(file)
    ways = [
        lambda formula: RC2(formula, solver="g4"),
        lambda formula: RC2Stratified(formula, solver="g4", adapt=True, exhaust=True, minz=True),
    ]
    best = None
    for _ in range(int(sys.argv[2])):
        for make in ways:
            found = prove(problem, make)
            if best is not None and found["optimum"] != best["optimum"]:
                raise SystemExit(f"two optima: {found['optimum']} and {best['optimum']}")
            if best is None or found["solve"] < best["solve"]:
                best = found
    print(json.dumps(best))


main()
