import { foldAll } from '../engine/fold.ts'
import { deviceEnds, waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { DeviceEnd } from '../model/act.ts'
import { EosflowError } from '../model/error.ts'
import { executionJson } from '../report/execution-json.ts'
import { executionText } from '../report/execution-text.ts'
import { colored, plain } from '../report/style.ts'
import { openCourier } from './audit/courier.ts'
import { type DeskOptions, openDesk } from './desk.ts'
import type { Bench } from './execution.ts'
import { SENT } from './execution-filter.ts'
import { exitCodeOfOutcome } from './exit-code.ts'
import { InputError } from './failure.ts'
import type { Invocation } from './io.ts'
import { underSeenPolicy } from './policy/seen-policy.ts'
import { openProject } from './project.ts'
import { suspensionOf } from './suspension.ts'

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
    return await work({ invocation, project: await underSeenPolicy(found, desk), desk })
  } finally {
    await courier.close()
    await desk.store.close()
  }
}

/** The id behind a word for an execution: an id, a prefix that only one has, `@latest`. Throws InputError when there is none. */
export async function executionNamed({ desk }: Bench, word: string): Promise<string> {
  const found = await desk.store.resolveExecution(word)
  if (found.found === 'one') return found.id
  const none = word === '@latest' ? 'nothing has run in this project yet' : 'there is no such execution'
  throw new InputError([
    {
      code: 'no-such-execution',
      message: found.found === 'none' ? none : `it is the beginning of several: ${found.ids.join(', ')}`,
      at: { file: word, line: 1, column: 1 },
      hint: 'eosflow executions lists them.',
    },
  ])
}

/** The same where the change may still be there. */
const KEPT: ReadonlySet<DeviceEnd> = new Set(['changed', 'unknown'])

/**
 * The same for a command that acts on a change: `@latest` is the newest execution that has changed a switch, past plans, dry runs
 * and executions that were refused; where none has, the newest. With `kept` a switch must have kept it. Throws InputError when there is none.
 */
export async function changeNamed(bench: Bench, word: string, { kept }: { readonly kept: boolean }): Promise<string> {
  if (word !== '@latest') return executionNamed(bench, word)
  const { store } = bench.desk
  const ends = kept ? KEPT : SENT
  for (const id of await store.executionIds()) {
    const state = foldAll(id, await store.read(id))
    if (Object.values(deviceEnds(state)).some((end) => ends.has(end))) return id
  }
  return executionNamed(bench, word)
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

/** Gives what `run` gives; throws `rollback-incomplete` when it cannot go on while a switch of the execution is not settled. */
export async function settledOr<T>(bench: Bench, id: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const open = (await bench.desk.claims.isClaimed(id)) ? [] : await unsettled(bench, id)
    if (open.length === 0) throw error
    throw new EosflowError(
      'rollback-incomplete',
      `${error instanceof Error ? error.message : String(error)}\nNot settled: ${open.join(', ')}. A running commit timer reverts an unconfirmed change by itself.`,
      { hint: lostHint(bench, error) ?? `eosflow resume ${id}`, cause: error },
    )
  }
}

/** What to do where the store cannot be asked any more. */
function lostHint({ desk }: Bench, error: unknown): string | undefined {
  return desk.isLost() && error instanceof EosflowError ? error.hint : undefined
}

async function unsettled({ desk }: Bench, id: string): Promise<readonly string[]> {
  try {
    const state = foldAll(id, await desk.store.read(id))
    if (state.status === 'ended' || isSavedEverywhere(state)) return []
    return [...state.devices].flatMap(([name, { reached }]) =>
      reached === 'nothing' || reached === 'stage' || state.ends.has(name) || state.kept.has(name) ? [] : [name],
    )
  } catch {
    return []
  }
}

/** Whether only the end of a change that went well is missing on the record. */
function isSavedEverywhere({ status, devices, plan }: ExecutionState): boolean {
  const changed = plan?.waves.flat() ?? []
  return status === 'running' && changed.length > 0 && changed.every((name) => devices.get(name)?.phase === 'saved')
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
    io.out(`${executionJson(state, events, code, suspension)}\n`)
    return code
  }
  io.out(`\n${executionText(state, events, io.color ? colored : plain, { isWhole: global.verbose > 0, suspension })}\n`)
  io.out(`Next: ${desk.isLost() ? 'eosflow recover --scan' : nextStep(state)}\n`)
  return code
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
