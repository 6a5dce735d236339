import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { foldAll } from '../engine/fold.ts'
import type { Outcome } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import { problemOf } from '../model/problem.ts'
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
export async function requireKnown(bench: Bench, word: string): Promise<void> {
  const { desk, invocation } = bench
  if (/[./]/.test(word) || (await looksLikeExecution(bench, word)) || existsSync(resolve(invocation.io.cwd, word)))
    return
  const newest = (await desk.store.executionIds()).slice(0, 3)
  throw new InputError([
    problemOf(
      word,
      'no-such-execution',
      'there is no such execution, and no file of this name',
      newest.length === 0
        ? 'nothing has run in this project yet; a saved plan is named by its path'
        : `eosflow executions lists them, the newest are ${newest.join(', ')}; a saved plan is named by its path`,
    ),
  ])
}

/** A plan, and the execution that has made it, with how that has ended. */
export interface NamedPlan {
  readonly plan: Plan
  readonly execution?: string
  readonly outcome?: Outcome
}

/** The plan behind a word: a saved plan's file, or an execution's plan. */
export async function planNamed(bench: Bench, word: string): Promise<NamedPlan> {
  await requireKnown(bench, word)
  if (!(await looksLikeExecution(bench, word))) return { plan: readPlanFile(bench.invocation.io, word) }
  const id = await executionNamed(bench, word)
  const state = foldAll(id, await bench.desk.store.read(id))
  if (state.plan === undefined) {
    throw new EosflowError('stale', `execution ${id} has no plan`, { hint: `eosflow history ${id}` })
  }
  const ended = state.outcome === undefined ? {} : { outcome: state.outcome }
  return { plan: readRecordedPlan(await bench.desk.store.get(state.plan.ref)), execution: id, ...ended }
}

/** A word without a dot or a slash that the store knows is an execution; everything else is a file. */
export async function looksLikeExecution({ desk }: Bench, word: string): Promise<boolean> {
  if (word === '@latest') return true
  return !/[./]/.test(word) && (await desk.store.resolveExecution(word)).found !== 'none'
}
