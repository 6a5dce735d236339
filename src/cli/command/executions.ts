import { foldAll } from '../../engine/fold.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { count } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import { waitingFor } from '../../report/waiting-for.ts'
import { atBench, nextStep } from '../bench.ts'
import type { Invocation } from '../io.ts'
import { readable } from '../policy/entry.ts'

/** What ran, newest first. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return atBench(invocation, async (bench) => {
    const { desk } = bench
    const all = await Promise.all(
      desk.store
        .executions()
        .map(async ({ id, first }) => ({ state: foldAll(id, await desk.store.read(id)), at: first.at })),
    )
    const states = await readable(bench, all)
    if (global.json) {
      const executions = states.map(({ state, at }) => ({
        id: state.id,
        at,
        workflow: state.workflow,
        purpose: state.purpose,
        status: state.status,
        outcome: state.outcome ?? null,
        waitingFor: waitingFor(state),
        running: desk.claims.isClaimed(state.id),
        redriven: state.redriven,
        plan: state.plan?.digest ?? null,
        devices: deviceEnds(state),
      }))
      io.out(`${JSON.stringify({ version: 1, executions })}\n`)
      return 0
    }
    for (const { state, at } of states) {
      const ends = Object.entries(deviceEnds(state)).map(([name, end]) => `${name}:${end}`)
      const stands = standing(state, desk.claims.isClaimed(state.id))
      io.out(`${state.id}  ${at.slice(0, 19)}Z  ${visibleLine(state.workflow)}  ${stands}  ${ends.join(' ')}\n`)
    }
    const newest = states[0]?.state
    const next = newest === undefined ? 'eosflow run WORKFLOW' : nextStep(newest)
    io.out(`${count(states.length, 'execution')}\nNext: ${next}\n`)
    return 0
  })
}

/** One word: the outcome, else who has to act. */
function standing(state: ExecutionState, isRunning: boolean): string {
  if (state.outcome !== undefined) return state.outcome
  const [first] = waitingFor(state)
  if (first?.waitsFor === 'approval') return 'waiting'
  if (first !== undefined && !isRunning) return 'waiting-for-signal'
  if (isRunning) return state.status
  return 'open'
}
