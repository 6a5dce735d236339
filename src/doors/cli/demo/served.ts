import type { DemoChange } from '../../../features/demo/demo-workflows.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Invocation } from '../terminal/io.ts'
import { type DemoCommands, plan, run as runPlan } from './rehearsal.ts'

const ANY_PORT = '127.0.0.1:0'

export type PlannedChange = readonly [change: DemoChange, file: string]

export async function served(
  commands: DemoCommands,
  invocation: Invocation,
  planned: readonly PlannedChange[],
): Promise<number> {
  let changes = Promise.resolve()
  const ready = (origin: string) => {
    changes = runPlanned(commands, invocation, planned, origin)
  }
  const serving = { ...invocation, args: [], options: {} }
  const code = await commands.serve(serving, ready).catch((error: unknown) => {
    if (!(error instanceof EosflowError) || error.kind !== 'busy') throw error
    invocation.io.err(`! ${error.message}: the demo takes another port\n`)
    return commands.serve(serving, ready, { listen: ANY_PORT })
  })
  await changes
  return code
}

async function runPlanned(
  commands: DemoCommands,
  invocation: Invocation,
  planned: readonly PlannedChange[],
  origin: string,
) {
  const { err, stop } = invocation.io
  for (const [change, file] of planned) if (!stop.aborted) await planAndRun(commands, invocation, change, file)
  const [over, them] = planned.length === 1 ? ['The change is', 'it'] : ['Both changes are', 'them']
  if (!stop.aborted) err(`\n${over} over; ${origin} shows ${them}, and makes others until Ctrl-C ends the demo.\n`)
}

export async function planAndRun(
  commands: DemoCommands,
  invocation: Invocation,
  change: DemoChange,
  file: string,
): Promise<number> {
  const planned = await plan(commands, invocation, change, file)
  return planned === 0 ? runPlan(commands, invocation, file) : planned
}
