import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readState } from '../../../change/engine/fold.ts'
import { requireIntact } from '../../../change/plan/make-plan.ts'
import { type Plan, parsePlan } from '../../../change/plan/plan.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { Outcome } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { workflowKeys } from '../../system/feature/feature.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { Host } from '../../system/process/host.ts'
import { inputError, orProblems } from '../../system/process/input-error.ts'
import { readGiven } from '../../system/process/read-given.ts'
import { idIn } from '../executions/list-executions.ts'

export function isPlanFile(path: string, bytes: Uint8Array): boolean {
  return /\.(plan|json)$/.test(path) || /^\s*\{/.test(Buffer.from(bytes.subarray(0, 64)).toString('utf8'))
}

/** Throws InputError when it is damaged and `stale` when it is off its digest. */
export function readPlanFile(host: Host, path: string): Plan {
  const bytes = readGiven(host, path)
  if (/\.ya?ml$/.test(path) && !isPlanFile(path, bytes)) {
    const message = 'this is a workflow or a change file, and no saved plan'
    throw inputError(path, 'no-plan', message, host.words({ code: 'plan-of-it', file: path }))
  }
  return requireIntact(orProblems(parsePlan(bytes, path, workflowKeys(host.features))))
}

type PlanSource = { readonly kind: 'execution'; readonly id: string } | { readonly kind: 'file' }

/** Throws InputError for a word that is neither, or the beginning of several executions. */
export async function kindOf(app: RecordApp, word: string): Promise<PlanSource> {
  if (/[./]/.test(word)) return { kind: 'file' }
  const found = await app.store.resolveExecution(word)
  if (found.found !== 'none' || word === '@latest') return { kind: 'execution', id: idIn(app, word, found) }
  if (existsSync(resolve(app.cwd, word))) return { kind: 'file' }
  const newest = await app.store.executionIds(3)
  throw inputError(
    word,
    'no-such-execution',
    'there is no such execution, and no file of this name',
    newest.length === 0
      ? 'nothing has run in this project yet; a saved plan is named by its path'
      : app.words({ code: 'list-executions', newest }),
  )
}

export interface NamedPlan {
  readonly plan: Plan
  readonly execution?: string
  readonly outcome?: Outcome
}

/** The plan behind a word: a saved plan's file, or an execution's plan. */
export async function planNamed(app: RecordApp, word: string): Promise<NamedPlan> {
  const named = await kindOf(app, word)
  if (named.kind === 'file') return { plan: readPlanFile(app, word) }
  const { id } = named
  const state = await readState(app.store, id)
  if (state.plan === undefined) {
    throw new EosflowError('stale', `execution ${id} has no plan`, hinted(app, { code: 'history', execution: id }))
  }
  const ended = state.outcome === undefined ? {} : { outcome: state.outcome }
  return { plan: await recordedPlan(app.store, state.plan.ref), execution: id, ...ended }
}
