import type { App } from '../../app/app.ts'
import { decided } from '../../app/policy/authority.ts'
import { aboutExecution, readable } from '../../app/policy/entry.ts'
import { suspensionOf } from '../../app/suspension.ts'
import { foldAll } from '../../engine/fold.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { ExecutionSummary } from '../../journal/store.ts'
import { count } from '../../report/count.ts'
import { executionList } from '../../report/execution/list.ts'
import { type Suspension, suspensionJson } from '../../report/suspension.ts'
import { waitingFor } from '../../report/waiting-for.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { executionFilter, isListed, standingWord } from '../execution-filter.ts'
import { nextStep } from '../execution-report.ts'
import type { Invocation } from '../io.ts'
import { screenWidth } from '../screen-width.ts'

/** So many executions are looked at with one question to the store. */
const PAGE = 20

/** What ran, newest first, as far as the flags ask for it. The text has the newest 20 without `-n`, the JSON document all. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async (context) => {
    const { rows, seen, isCut } = await listed(context, global.json ? Number.POSITIVE_INFINITY : PAGE)
    if (global.json) {
      const executions = rows.map(({ state, at, isRunning, suspension }) => ({
        id: state.id,
        at,
        workflow: state.workflow,
        purpose: state.purpose,
        status: state.status,
        outcome: state.outcome ?? null,
        waitingFor: waitingFor(state),
        running: isRunning,
        ...suspensionJson(suspension),
        redriven: state.redriven,
        plan: state.plan?.digest ?? null,
        devices: deviceEnds(state),
      }))
      io.out(`${JSON.stringify({ version: 1, executions })}\n`)
      return 0
    }
    const lines = executionList(
      rows.map(({ state, at, standing }) => ({
        id: state.id,
        at,
        workflow: state.workflow,
        standing,
        ends: deviceEnds(state),
      })),
      screenWidth(io),
    )
    for (const line of lines) io.out(`${line}\n`)
    const counted = count(rows.length, 'execution')
    io.out(
      `${isCut ? `the newest ${counted}; -n NUMBER shows more` : counted}\nNext: ${nextOf(rows[0]?.state, seen)}\n`,
    )
    return 0
  })
}

function nextOf(newest: ExecutionState | undefined, seen: number): string {
  if (newest !== undefined) return nextStep(newest)
  return seen === 0 ? 'eosflow run WORKFLOW' : 'eosflow executions'
}

interface Row {
  readonly state: ExecutionState
  readonly at: string
  readonly isRunning: boolean
  readonly standing: string
  readonly suspension?: Suspension
}

interface Listing {
  readonly rows: readonly Row[]
  /** How many executions were looked at that whoever asks may read. */
  readonly seen: number
  /** Whether there are more than `most` though nobody has asked for so many. */
  readonly isCut: boolean
}

/**
 * Reads no more of the record than `-n` asks for, or `most` without it. Throws `not-authorised` when there are executions and none may be
 * read.
 */
async function listed(context: CommandContext, most: number): Promise<Listing> {
  const { app, caller, invocation } = context
  const isTargeted = typeof invocation.options.target === 'string'
  const begun = isTargeted ? (await app.store.executions()).map(({ first }) => first) : []
  const filter = executionFilter(invocation, app.project, begun)
  const limit = filter.most ?? most
  const rows: Row[] = []
  const denied: Row[] = []
  let seen = 0
  for await (const { id, first } of everyExecution(app, Math.min(limit + 1, PAGE + 1))) {
    if (rows.length >= limit) return { rows, seen, isCut: filter.most === undefined }
    const events = await app.store.read(id)
    const state = foldAll(id, events)
    const isRunning = await app.claims.isClaimed(id)
    const suspension = await suspensionOf(app, state, events)
    const row = {
      state,
      at: first.at,
      isRunning,
      standing: standingWord(state, isRunning, suspension !== undefined),
      ...(suspension === undefined ? {} : { suspension }),
    }
    if (decided(app, caller, 'execution.read', aboutExecution(state)).effect !== 'allow') denied.push(row)
    else {
      seen += 1
      if (isListed(state, row.standing, filter)) rows.push(row)
    }
  }
  if (seen === 0) await readable(app, caller, denied)
  return { rows, seen, isCut: false }
}

/** Every execution, newest first, as many of them at once. */
async function* everyExecution({ store }: App, atOnce: number): AsyncGenerator<ExecutionSummary> {
  for (let page = await store.executions({ limit: atOnce }); ; ) {
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < atOnce) return
    page = await store.executions({ limit: atOnce, before: last.id })
  }
}
