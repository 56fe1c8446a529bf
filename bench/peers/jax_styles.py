"""The two ways in which JAX runs a descent, each with what it compiles made before, and each compiling anew."""
from functools import cache

import jax
import numpy as np
from jax import numpy as jnp


def styles(step, start, iterations, check):
    """Every style by name. `step` makes the next state and the loss out of the state and the number of updates so far;
    `check` makes the number that both sides must agree on out of all losses.
    """
    return of_runs([(step, start)], iterations, check)


def of_runs(runs, iterations, check):
    """The same for several descents, (step, start) each, one after the other, of which each is a program of its own."""
    first = np.int32(0)

    def stepping(step):
        def counted(state, k):
            state, loss = step(state, k)
            return state, k + 1, loss
        return counted

    def compile_steps():
        return [jax.jit(stepping(step)).lower(start, first).compile() for step, start in runs]

    def compile_scans():
        counts = jnp.arange(iterations)
        return [jax.jit(lambda state, step=step: jax.lax.scan(step, state, counts)).lower(start).compile()
                for step, start in runs]

    def run_steps(programs):
        losses = []
        for program, (_, state) in zip(programs, runs):
            k = first
            for _ in range(iterations):
                state, k, loss = program(state, k)
                losses.append(float(loss))  # in less time than all at the end
        return check(losses)

    def run_scans(programs):
        return check(np.concatenate([program(state)[1] for program, (_, state) in zip(programs, runs)]))

    found = {}
    for name, compiled, run in (('jit a step', compile_steps, run_steps), ('one scan', compile_scans, run_scans)):
        ready = cache(compiled)
        found[f'JAX, {name}'] = lambda run=run, ready=ready: run(ready())
        found[f'JAX, {name}, compiling'] = anew(lambda run=run, compiled=compiled: run(compiled()))
    return found


def anew(run):
    """A measurement before which JAX forgets, outside of its time, all that it has compiled and traced."""
    run.prepare = jax.clear_caches
    return run
