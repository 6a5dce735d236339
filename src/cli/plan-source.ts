import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { foldAll } from '../engine/fold.ts'
import { EosflowError } from '../model/error.ts'
import { requireIntact } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { parsePlan } from '../plan/plan-schema.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { executionNamed } from './bench.ts'
import type { Bench } from './execution.ts'
import { InputError, orProblems } from './failure.ts'
import type { Io } from './io.ts'
import { readGiven } from './read-given.ts'

/** Whether a file is meant as a saved plan: it says so by its name, or begins as JSON does. */
export function isPlanFile(path: string, bytes: Uint8Array): boolean {
  return /\.(plan|json)$/.test(path) || /^\s*\{/.test(Buffer.from(bytes.subarray(0, 64)).toString('utf8'))
}

/** Reads a saved plan. Throws InputError when it is damaged and `stale` when it is off its digest. */
export function readPlanFile(io: Io, path: string): Plan {
  return requireIntact(orProblems(parsePlan(readGiven(io, path), path)))
}

/**
 * Throws InputError for a word that neither names an execution nor a file: what is meant is not there, whichever of the two it is.
 */
export function requireKnown(bench: Bench, word: string): void {
  const { desk, invocation } = bench
  if (/[./]/.test(word) || looksLikeExecution(bench, word) || existsSync(resolve(invocation.io.cwd, word))) return
  const newest = [...desk.store.executionIds()].slice(0, 3)
  throw new InputError([
    {
      code: 'no-such-execution',
      message: 'there is no such execution, and no file of this name',
      at: { file: word, line: 1, column: 1 },
      hint:
        newest.length === 0
          ? 'nothing has run in this project yet; a saved plan is named by its path'
          : `eosflow executions lists them, the newest are ${newest.join(', ')}; a saved plan is named by its path`,
    },
  ])
}

/** The plan behind a word: a saved plan's file, or an execution's plan. */
export async function planNamed(bench: Bench, word: string): Promise<{ plan: Plan; execution?: string }> {
  requireKnown(bench, word)
  if (!looksLikeExecution(bench, word)) return { plan: readPlanFile(bench.invocation.io, word) }
  const id = executionNamed(bench, word)
  const state = foldAll(id, await bench.desk.store.read(id))
  if (state.plan === undefined) {
    throw new EosflowError('stale', `execution ${id} has no plan`, { hint: `eosflow history ${id}` })
  }
  return { plan: readRecordedPlan(await bench.desk.store.get(state.plan.ref)), execution: id }
}

/** A word without a dot or a slash that the store knows is an execution; everything else is a file. */
export function looksLikeExecution({ desk }: Bench, word: string): boolean {
  if (word === '@latest') return true
  return !/[./]/.test(word) && desk.store.resolveExecution(word).found !== 'none'
}
