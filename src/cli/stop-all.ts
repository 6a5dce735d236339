import type { Caller } from '../app/caller.ts'
import { requireStoppable } from '../app/policy/entry.ts'
import { askToStop, stopped } from '../app/stopping.ts'
import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { Cursor } from '../journal/cursor.ts'
import { EosflowError } from '../model/error.ts'
import { executionSummary } from '../report/execution/text.ts'
import { hanging } from '../report/visible.ts'
import type { CommandContext } from './compose.ts'
import { exitCodeOfStop } from './execution-report.ts'
import { exitCodeOfThrown, gravest } from './exit-code.ts'

/** So many executions that no process runs are put back by this one at the same time. */
const SIDE_BY_SIDE = 8

/** What became of one of the executions. */
interface Stopped {
  readonly id: string
  readonly outcome: string | null
  readonly message: string
  readonly exitCode: number
}

/**
 * Stops every open execution of the store: each is asked about by the policy as for itself, all that may be stopped get the word at
 * once, then each is told in a line as it ends. The exit code is the gravest of theirs.
 */
export async function stopAll(context: CommandContext): Promise<number> {
  const { app, caller, invocation } = context
  const { io, global } = invocation
  const open = await openExecutions(context)
  const results: Stopped[] = []
  const told = (result: Stopped): void => {
    results.push(result)
    if (!global.json) io.out(`${hanging(result.message)}\n`)
  }
  const allowed: ExecutionState[] = []
  for (const state of open) {
    try {
      await requireStoppable(app, caller, state)
      allowed.push(state)
    } catch (error) {
      told(failedToStop(state, error))
    }
  }
  if (allowed.length > 0) {
    const asked = await askToStop(app, caller, idsOf(allowed), reasonOf(context))
    io.err(`asked to stop: ${allowed.length}; every touched switch is put back\n`)
    await inGroups(allowed, async (state) => told(await stopOne(context, state, asked)))
  }
  const exitCode = gravest(results.map((result) => result.exitCode))
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, kind: 'stopped', executions: results, exitCode })}\n`)
  } else if (open.length === 0) io.out('Nothing to stop: no execution is open\n')
  return exitCode
}

/** The executions that have not ended, newest first: what was begun last may still be kept from beginning. */
async function openExecutions({ app: { store } }: CommandContext): Promise<readonly ExecutionState[]> {
  const states: ExecutionState[] = []
  for (const { id } of await store.openExecutions()) states.push(foldAll(id, await store.read(id)))
  return states.filter(({ status }) => status !== 'ended')
}

async function stopOne(context: CommandContext, found: ExecutionState, asked: Cursor): Promise<Stopped> {
  try {
    const state = await stopped(
      context.app,
      quiet(context.caller),
      found,
      { asked, reason: reasonOf(context), restored: context.invocation.options.restored === true },
      () => undefined,
    )
    if (state === undefined) {
      const message = `Execution ${found.id}: no longer waited for; the request to stop remains on record: eosflow watch ${found.id}`
      return { id: found.id, outcome: null, message, exitCode: 130 }
    }
    return {
      id: state.id,
      outcome: state.outcome ?? null,
      message: executionSummary(state),
      exitCode: exitCodeOfStop(state),
    }
  } catch (error) {
    return failedToStop(found, error)
  }
}

function failedToStop({ id }: ExecutionState, error: unknown): Stopped {
  const why = error instanceof Error ? error.message : String(error)
  const hint = error instanceof EosflowError && error.hint !== undefined ? ` (${error.hint})` : ''
  const message = `Execution ${id}: not stopped: ${why.replaceAll('\n', '; ')}${hint}`
  return { id, outcome: null, message, exitCode: exitCodeOfThrown(error) }
}

/** What several executions say side by side is no reading: each is told in a line when it ends. */
function quiet(caller: Caller): Caller {
  const { watch: _progress, ...others } = caller
  return { ...others, tell: () => undefined }
}

function reasonOf({ invocation: { options } }: CommandContext): string {
  return typeof options.reason === 'string' ? options.reason : ''
}

async function inGroups(
  states: readonly ExecutionState[],
  work: (state: ExecutionState) => Promise<void>,
): Promise<void> {
  const waiting = [...states]
  const next = async (): Promise<void> => {
    for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) await work(state)
  }
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, states.length) }, next))
}

const idsOf = (states: readonly ExecutionState[]): readonly string[] => states.map(({ id }) => id)
