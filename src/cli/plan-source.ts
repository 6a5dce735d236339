import { foldAll } from '../engine/fold.ts'
import type { Outcome } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import { requireIntact } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { parsePlan } from '../plan/plan-schema.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { executionNamed } from './bench.ts'
import type { Bench } from './execution.ts'
import { orProblems } from './failure.ts'
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

/** A plan, and the execution that has made it, with how that has ended. */
export interface NamedPlan {
  readonly plan: Plan
  readonly execution?: string
  readonly outcome?: Outcome
}

/** The plan behind a word: a saved plan's file, or an execution's plan. */
export async function planNamed(bench: Bench, word: string): Promise<NamedPlan> {
  if (!looksLikeExecution(bench, word)) return { plan: readPlanFile(bench.invocation.io, word) }
  const id = executionNamed(bench, word)
  const state = foldAll(id, await bench.desk.store.read(id))
  if (state.plan === undefined) {
    throw new EosflowError('stale', `execution ${id} has no plan`, { hint: `eosflow history ${id}` })
  }
  const ended = state.outcome === undefined ? {} : { outcome: state.outcome }
  return { plan: readRecordedPlan(await bench.desk.store.get(state.plan.ref)), execution: id, ...ended }
}

/** A word without a dot or a slash that the store knows is an execution; everything else is a file. */
export function looksLikeExecution({ desk }: Bench, word: string): boolean {
  if (word === '@latest') return true
  return !/[./]/.test(word) && desk.store.resolveExecution(word).found !== 'none'
}
