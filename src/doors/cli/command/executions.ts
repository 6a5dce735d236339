import { type ListingRequest, listExecutions, STATES } from '../../../project/history/executions/list-executions.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import {
  EXECUTIONS_BEGIN,
  EXECUTIONS_END,
  type ExecutionRow,
  executionEntryJson,
  executionRows,
} from '../../../report/execution/row.ts'
import { count } from '../../../report/text/text.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { oneOf, text, texts } from '../option/options.ts'
import { nextLine, rightsAfter } from '../outcome/next-rights.ts'
import { nextStep } from '../outcome/next-step.ts'
import { sayFrozen } from '../outcome/say-frozen.ts'
import { unlessNoStore } from '../outcome/unless-no-store.ts'
import { type CommandContext, withApp } from '../terminal/compose.ts'
import { type Invocation, screenWidth } from '../terminal/io.ts'

const FIRST = 20

/** Lists the changes, newest first, as far as the flags ask for them. The text has the newest 20 without `-n`, the JSON document all. */
export async function run(invocation: Invocation): Promise<number> {
  const wanted = wantedOf(invocation)
  // Who asks for a state asks for all that are in it.
  return list(invocation, wanted.states.length > 0 ? wanted : { ...wanted, kind: 'changes' })
}

export async function runPlans(invocation: Invocation): Promise<number> {
  return list(invocation, { ...wantedOf(invocation), kind: 'plans' })
}

// Nothing is on record before the first plan: that is an answer, unless somebody has named a store that is not there.
function list(invocation: Invocation, wanted: ListingRequest) {
  return unlessNoStore(
    invocation,
    () => listed(invocation, wanted),
    () => {
      const { io, global } = invocation
      io.out(
        global.json
          ? `${EXECUTIONS_BEGIN}${EXECUTIONS_END}\n`
          : 'Nothing is on record here yet.\nNext: eosflow plan WORKFLOW\n',
      )
    },
  )
}

async function listed(invocation: Invocation, wanted: ListingRequest) {
  const { io, global, options } = invocation
  return withApp(
    invocation,
    async (context) => {
      const { app, caller } = context
      if (global.json) return printJson(context, wanted)
      const { rows, seen, more: older, elsewhere } = await listExecutions(app, caller, wanted)
      await sayFrozen(context)
      for (const line of executionRows(rows, screenWidth(io))) io.out(`${line}\n`)
      const isPlans = wanted.kind === 'plans'
      const counted = count(rows.length, isPlans ? 'plan' : 'execution')
      const most =
        older !== undefined && options.number === undefined ? `the newest ${counted}; -n NUMBER shows more` : counted
      const more = elsewhere === undefined ? '' : `${elsewhere.count} more are in a segment that is not at its place\n`
      io.out(`${most}\n${more}${nextLine(await nextOf(context, rows[0], seen, isPlans))}`)
      if (elsewhere !== undefined) throw elsewhere.error
      return 0
    },
    { reads: true },
  )
}

// Whoever reads may be slower than the store: so many executions are held for them at most.
const HELD = 1_000

async function printJson(context: CommandContext, wanted: ListingRequest) {
  const { app, caller, io } = context
  let printed = 0
  const take = async (row: ExecutionRow) => {
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
  { app, caller }: CommandContext,
  newest: ExecutionRow | undefined,
  seen: number,
  isPlans: boolean,
) {
  if (newest === undefined) return seen === 0 ? undefined : `eosflow ${isPlans ? 'executions' : 'plans'}`
  return nextStep(app, newest.state, newest.suspension !== undefined, await rightsAfter(app, caller, newest.state))
}

// Throws InputError.
function wantedOf({ options, global }: Invocation): ListingRequest {
  const { target, state, touched, number } = options
  const states = texts(state)
  for (const word of states)
    oneOf(STATES, word, '--state', 'unknown-state', `\`${word}\` is no state`, didYouMean(word, STATES))
  const all = global.json ? Number.POSITIVE_INFINITY : FIRST
  return { target: text(target), states, touched: touched === true, most: number === undefined ? all : mostOf(number) }
}

function mostOf(number: unknown) {
  if (/^[1-9]\d{0,8}$/.test(String(number))) return Number(number)
  throw inputError('-n', 'bad-number', `it is not a number from 1 on: ${number}`)
}
