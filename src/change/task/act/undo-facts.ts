import type { DeviceEnd } from '../../../model/act.ts'
import { changeTexts } from './beside-target.ts'
import type { TaskContext } from './context.ts'
import { type BesideTarget, foreignLines, quoted } from './foreign-lines.ts'

export interface UndoFacts {
  readonly taken: Set<string>
  /** What EOS or somebody else has changed and is there still. */
  left: ReadonlySet<string>
  /** Whether the switch has booted since its commit timer was started. */
  rebooted: boolean
  /** Whether the switch has shown the session of a refused timed commit as pending, upon the configuration before: it was not committed. */
  isPending: boolean
  wasSilent: boolean
  standings: number
}

/** Nothing is known before the switch is asked. */
export function nothingYet(): UndoFacts {
  return { taken: new Set(), left: new Set(), rebooted: false, isPending: false, wasSilent: false, standings: 0 }
}

export function rememberTaken({ taken }: UndoFacts, found: BesideTarget | undefined): void {
  for (const line of found?.taken ?? []) taken.add(line)
}

/** What EOS or somebody else has changed besides the configuration before the change, as lines; asked only where something was to go. */
export async function leftOf(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
  running: string,
): Promise<ReadonlySet<string>> {
  if (context.history(name).overwritten === undefined) return new Set()
  const change = await changeTexts(context, name)
  return new Set(change === undefined ? [] : foreignLines(change.base, running))
}

/**
 * The detail of an end, with what happened besides: what was put back takes with it whatever somebody else had configured meanwhile
 * (docs/fault-model.md row 21).
 */
export function withMeanwhile(
  { history }: Pick<TaskContext<unknown>, 'history'>,
  name: string,
  { end, detail }: { readonly end: DeviceEnd; readonly detail: string },
  { taken, left, rebooted }: UndoFacts,
): string {
  const overwritten = (history(name).overwritten ?? []).filter((line) => !left.has(line))
  const { unread } = history(name)
  const words = [
    ...(rebooted && end === 'reverted' ? ['the switch has rebooted since the commit'] : []),
    ...(taken.size === 0 ? [] : [`somebody had taken lines of the change away: ${quoted([...taken])}`]),
    ...(overwritten.length === 0 ? [] : [`EOS's or somebody else's change went with it: ${quoted(overwritten)}`]),
    ...(unread === undefined || end !== 'reverted' ? [] : [UNREAD]),
  ]
  return [detail, ...words].join('; ')
}

// Only the answer shows running-config as it was right before.
const UNREAD =
  'the answer to what put it back was not read: a line that somebody typed right before it would be gone and is not known'
