import { decided } from '../../app/policy/authority.ts'
import { aboutExecution, readable } from '../../app/policy/entry.ts'
import { suspensionOf } from '../../app/suspension.ts'
import { foldAll } from '../../engine/fold.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { count } from '../../report/count.ts'
import { executionList } from '../../report/execution-list.ts'
import { type Suspension, suspensionJson } from '../../report/suspension.ts'
import { waitingFor } from '../../report/waiting-for.ts'
import { atBench, type Bench, nextStep } from '../bench.ts'
import { executionFilter, isListed, standingWord } from '../execution-filter.ts'
import type { Invocation } from '../io.ts'
import { screenWidth } from '../screen-width.ts'

/** What ran, newest first, as far as the flags ask for it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return atBench(invocation, async (bench) => {
    const { rows, seen } = await listed(bench)
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
    io.out(`${count(rows.length, 'execution')}\nNext: ${nextOf(rows[0]?.state, seen)}\n`)
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

/** Reads no more of the record than `-n` asks for. Throws `not-authorised` when there are executions and none may be read. */
async function listed(bench: Bench): Promise<{ readonly rows: readonly Row[]; readonly seen: number }> {
  const { desk, invocation, project } = bench
  const begun = await desk.store.executions()
  const filter = executionFilter(
    invocation,
    project,
    begun.map(({ first }) => first),
  )
  const rows: Row[] = []
  const denied: Row[] = []
  let seen = 0
  for (const { id, first } of begun) {
    if (rows.length >= filter.most) break
    const events = await desk.store.read(id)
    const state = foldAll(id, events)
    const isRunning = await desk.claims.isClaimed(id)
    const suspension = await suspensionOf(desk, state, events)
    const row = {
      state,
      at: first.at,
      isRunning,
      standing: standingWord(state, isRunning, suspension !== undefined),
      ...(suspension === undefined ? {} : { suspension }),
    }
    if (decided(bench, 'execution.read', aboutExecution(state)).effect !== 'allow') denied.push(row)
    else {
      seen += 1
      if (isListed(state, row.standing, filter)) rows.push(row)
    }
  }
  if (seen === 0) await readable(bench, denied)
  return { rows, seen }
}
