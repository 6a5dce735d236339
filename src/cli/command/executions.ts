import type { App } from '../../app/app.ts'
import type { SilentCaller } from '../../app/caller.ts'
import { type ListingRequest, listExecutions, STATES } from '../../app/execution/list-executions.ts'
import { InputError } from '../../app/input-error.ts'
import { problemOf } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import {
  EXECUTIONS_BEGIN,
  EXECUTIONS_END,
  type ExecutionRow,
  executionEntryJson,
  executionRows,
} from '../../report/execution/row.ts'
import { didYouMean } from '../../source/suggest.ts'
import { type CommandContext, withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { nextLine, rightsAfter } from '../next-rights.ts'
import { nextStep } from '../next-step.ts'
import { text, texts } from '../options.ts'
import { sayFrozen } from '../say-frozen.ts'
import { screenWidth } from '../screen-width.ts'

/** The text has so many executions where nobody says how many. */
const FIRST = 20

/** What ran, newest first, as far as the flags ask for it. The text has the newest 20 without `-n`, the JSON document all. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global, options } = invocation
  const wanted = wantedOf(invocation)
  return withApp(
    invocation,
    async (context) => {
      const { app, caller } = context
      if (global.json) return printJson(context, wanted)
      const { rows, seen, more: older, elsewhere } = await listExecutions(app, caller, wanted)
      await sayFrozen(context)
      for (const line of executionRows(rows, screenWidth(io))) io.out(`${line}\n`)
      const counted = count(rows.length, 'execution')
      const most =
        older !== undefined && options.number === undefined ? `the newest ${counted}; -n NUMBER shows more` : counted
      const more = elsewhere === undefined ? '' : `${elsewhere.count} more are in a segment that is not at its place\n`
      io.out(`${most}\n${more}${nextLine(await nextOf(app, caller, rows[0], seen))}`)
      if (elsewhere !== undefined) throw elsewhere.error
      return 0
    },
    { reads: true },
  )
}

/** Whoever reads may be slower than the store: so many executions are held for them at most. */
const HELD = 1_000

/** Prints one document, an execution as soon as it is read. Where records are in a segment that is not at its place it ends there. */
async function printJson(context: CommandContext, wanted: ListingRequest): Promise<number> {
  const { app, caller, invocation } = context
  const { io } = invocation
  let printed = 0
  const take = async (row: ExecutionRow): Promise<void> => {
    io.out(`${printed === 0 ? EXECUTIONS_BEGIN : ','}${executionEntryJson(row)}`)
    printed += 1
    if (printed % HELD === 0) await io.drained?.()
  }
  const { elsewhere } = await listExecutions(app, caller, { ...wanted, take })
  if (elsewhere !== undefined) throw elsewhere.error
  await sayFrozen(context)
  io.out(`${printed === 0 ? EXECUTIONS_BEGIN : ''}${EXECUTIONS_END}\n`)
  return 0
}

async function nextOf(
  app: App,
  caller: SilentCaller,
  newest: ExecutionRow | undefined,
  seen: number,
): Promise<string | undefined> {
  if (newest === undefined) return seen === 0 ? undefined : 'eosflow executions'
  return nextStep(app, newest.state, newest.suspension !== undefined, await rightsAfter(app, caller, newest.state))
}

/** What the flags ask for. Throws InputError. */
function wantedOf({ options, global }: Invocation): ListingRequest {
  const { target, state, touched, number } = options
  const states = texts(state)
  const unknown = states.find((word) => !STATES.includes(word))
  if (unknown !== undefined)
    throw refused('unknown-state', '--state', `\`${unknown}\` is no state`, didYouMean(unknown, STATES))
  const all = global.json ? Number.POSITIVE_INFINITY : FIRST
  return { target: text(target), states, touched: touched === true, most: number === undefined ? all : mostOf(number) }
}

function mostOf(number: unknown): number {
  if (/^[1-9]\d{0,8}$/.test(String(number))) return Number(number)
  throw refused('bad-number', '-n', `it is not a number from 1 on: ${number}`)
}

function refused(code: string, flag: string, message: string, hint?: string): InputError {
  return new InputError([problemOf(flag, code, message, hint)])
}
