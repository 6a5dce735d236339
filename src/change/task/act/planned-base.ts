import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { SettledDevice, TaskContext } from './context.ts'
import { foreignLines } from './foreign-lines.ts'

const TOLD = 20

/**
 * The plan's word on a switch that now runs `running`: where that is no longer the plan's base, its `requireBase` says what has
 * changed on the switch since, as far as this store has kept the base, and which execution of it has changed that.
 */
export async function plannedBeside(
  context: TaskContext<unknown>,
  name: string,
  running: string,
): Promise<SettledDevice> {
  const planned = await context.change.planned(name)
  try {
    planned.requireBase(running)
    return planned
  } catch (error) {
    const told = await withChanges(context, name, running, error)
    return {
      ...planned,
      requireBase: (text) => {
        if (text === running) throw told
        planned.requireBase(text)
      },
    }
  }
}

export async function withChanges(
  { change }: TaskContext<unknown>,
  name: string,
  running: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof EosflowError) || error.kind !== 'stale' || !error.message.endsWith(CHANGED)) return error
  const base = await change.baseText(name).catch(() => undefined)
  const by = await change.changedBy(name, running).catch(() => undefined)
  const lines = [...(by === undefined ? [] : [by]), ...(base === undefined ? [] : foreignLines(base, running))]
  if (lines.length === 0) return error
  const more = lines.length > TOLD ? [`and ${lines.length - TOLD} lines more`] : []
  const { kind, message, device, hint } = error
  return new EosflowError(kind, [`${message}:`, ...lines.slice(0, TOLD), ...more].join('\n'), {
    ...definedMembers({ device, hint }),
    cause: error,
  })
}

const CHANGED = 'running-config has changed since the plan was made'
