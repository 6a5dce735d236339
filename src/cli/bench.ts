import type { App } from '../app/app.ts'
import { openCourier } from '../app/audit/courier.ts'
import { type DeskOptions, openDesk } from '../app/desk.ts'
import { underSeenPolicy } from '../app/policy/seen-policy.ts'
import { openProject } from '../app/project.ts'
import { settledOr } from '../app/settled-or.ts'
import { suspensionOf } from '../app/suspension.ts'
import { waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import { executionAs } from '../report/execution/formats.ts'
import { colored, plain } from '../report/style.ts'
import { exitCodeOfOutcome } from './exit-code.ts'
import type { Invocation } from './io.ts'
import { terminalConsole } from './terminal-console.ts'

/** Where a command works: the application, and the command line that asked for it. */
export interface Bench extends App {
  readonly invocation: Invocation
}

/** Opens the project and its store for one command, and closes the store behind it. */
export async function atBench(
  invocation: Invocation,
  work: (bench: Bench) => Promise<number>,
  options: DeskOptions = {},
): Promise<number> {
  const found = openProject(invocation.io, invocation.global)
  const desk = await openDesk(found, invocation.io, options)
  const courier = openCourier(found, desk, invocation.io)
  try {
    const project = await underSeenPolicy(found, desk)
    const { insecureTls } = invocation.global
    return await work({ invocation, console: terminalConsole(invocation, desk), insecureTls, project, desk })
  } finally {
    await courier.close()
    await desk.store.close()
  }
}

/**
 * Runs an execution and reports it. When it cannot go on (the store, the plan) while a switch is not settled, that is
 * said above all: exit code 7. Where another process runs it, that one will settle it.
 */
export async function report(
  bench: Bench,
  id: string,
  run: () => Promise<ExecutionState>,
  codeOf: (state: ExecutionState) => number = exitCodeOf,
): Promise<number> {
  return settledOr(bench, id, async () => {
    const state = await run()
    return recap(bench, state, codeOf(state))
  })
}

/** The exit code of an execution as it stands: 12 while it waits. */
export function exitCodeOf({ outcome, compensation }: ExecutionState): number {
  return outcome === undefined ? 12 : exitCodeOfOutcome(outcome, compensation?.error)
}

/** Prints how an execution stands. Gives the exit code. */
export async function recap(
  { invocation, desk }: Bench,
  state: ExecutionState,
  code = exitCodeOf(state),
): Promise<number> {
  const { io, global } = invocation
  const events = await desk.store.read(state.id)
  const suspension = desk.isLost() ? undefined : await suspensionOf(desk, state, events)
  if (global.json) {
    io.out(`${executionAs.json(state, events, code, suspension)}\n`)
    return code
  }
  io.out(
    `\n${executionAs.text(state, events, io.color ? colored : plain, { isWhole: global.verbose > 0, suspension })}\n`,
  )
  io.out(`Next: ${desk.isLost() ? 'eosflow recover --scan' : nextStep(state)}\n`)
  return code
}

/** The exit code of an execution that was asked to stop: that it stopped is success; whatever else became of it has its own code. */
export function exitCodeOfStop(state: ExecutionState): number {
  return state.outcome === 'cancelled' ? 0 : exitCodeOf(state)
}

/** The line to paste after an execution, as it stands. */
export function nextStep(state: ExecutionState): string {
  if (waitsForApproval(state)) return `eosflow approve ${state.id} && eosflow resume ${state.id}`
  if (state.outcome === undefined) return `eosflow resume ${state.id}`
  if (state.outcome === 'unknown') return `eosflow history ${state.id}`
  if (state.outcome === 'tolerated' || (state.compensation !== undefined && !state.kept.isEmpty()))
    return `eosflow redrive ${state.id}`
  return `eosflow show ${state.id}`
}
