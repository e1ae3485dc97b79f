"""Solves a problem file with OR-tools CP-SAT and prints one JSON line: the optimum, seconds to build and to prove: of the
processor with one worker, of the clock with more.

Usage: python cpsat.py PROBLEM WORKERS REPEATS

A release is a Boolean; a package has at most one. What releases need is written in two ways (a clause for each release,
or one sum for all releases that admit the same), several levels in two (one after the other, or joined by weights); the
fastest counts.
"""

import json
import sys
import time

from ortools.sat.python import cp_model


def build(problem, sums):
    model = cp_model.CpModel()
    chosen = [[model.NewBoolVar("") for _ in range(package["releases"])] for package in problem["packages"]]
    for own in chosen:
        if own:
            model.AddAtMostOne(own)
    for target, admitted in problem["roots"]:
        model.AddBoolOr([chosen[target][release] for release in admitted])
    for source, package in enumerate(problem["packages"]):
        for releases, target, admitted in package["needs"]:
            room = [chosen[target][release] for release in admitted]
            if sums:
                model.Add(sum(chosen[source][release] for release in releases) <= sum(room))
            else:
                for release in releases:
                    model.AddBoolOr([chosen[source][release].Not(), *room])
        if package["mirrors"] is not None:
            for release, own in enumerate(chosen[source]):
                model.AddImplication(own, chosen[package["mirrors"]][release])
    levels = []
    for level in range(problem["levels"]):
        terms = []
        for own, package in zip(chosen, problem["packages"]):
            for release, cost in enumerate(package["costs"][level]):
                if cost:
                    terms.append((own[release], cost))
        levels.append(terms)
    return model, levels


def value(solver, terms):
    return sum(cost for variable, cost in terms if solver.Value(variable))


def prove(problem, workers, sums, joined):
    clock = time.process_time if workers == 1 else time.perf_counter
    began = clock()
    model, levels = build(problem, sums)
    weights = [1] * len(levels)
    for level in reversed(range(len(levels) - 1)):
        weights[level] = weights[level + 1] * (1 + sum(cost for _, cost in levels[level + 1]))
    built = clock() - began
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solved = 0.0
    optimum = []
    rounds = [[(v, c * w) for terms, w in zip(levels, weights) for v, c in terms]] if joined else levels
    for terms in rounds:
        began = clock()
        model.Minimize(sum(cost * variable for variable, cost in terms))
        built += clock() - began
        began = clock()
        status = solver.Solve(model)
        solved += clock() - began
        if status == cp_model.INFEASIBLE:
            return {"optimum": None, "build": built, "solve": solved}
        if status != cp_model.OPTIMAL:
            raise SystemExit(f"no proof: {solver.StatusName(status)}")
        least = value(solver, terms)
        optimum.append(least)
        if not joined and len(levels) > 1:
            began = clock()
            model.Add(sum(cost * variable for variable, cost in terms) <= least)
            built += clock() - began
    if joined:
        optimum = [value(solver, terms) for terms in levels]
    return {"optimum": optimum, "build": built, "solve": solved}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        problem = json.load(file)
    ways = [(sums, joined) for sums in (False, True) for joined in ((False, True) if problem["levels"] > 1 else (False,))]
    best = None
    for _ in range(int(sys.argv[3])):
        for sums, joined in ways:
            found = prove(problem, int(sys.argv[2]), sums, joined)
            if best is not None and found["optimum"] != best["optimum"]:
                raise SystemExit(f"two optima: {found['optimum']} and {best['optimum']}")
            if best is None or found["solve"] < best["solve"]:
                best = found
    print(json.dumps(best))


main()
