import type { ConfigReading } from '../../../eos/device/device.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import { changeTexts } from './beside-target.ts'
import { type BesideTarget, foreignLines, quoted } from './config-changes.ts'
import type { TaskContext } from './context.ts'
import { lookAnew } from './new-login.ts'
import { observeSwitch, type SwitchNow } from './observe-switch.ts'

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

const ASKED = 3

export async function observeUndisturbed(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  let now = await observeSwitch(context, name)
  for (let asked = 1; asked < ASKED && isTypedOn(now.reading); asked++) now = await observeSwitch(context, name)
  return now
}

function isTypedOn({ running, startupDiff = '' }: ConfigReading) {
  const held = new Set(running.split('\n').map((line) => line.trim()))
  return startupDiff
    .split('\n')
    .some((line) => line.startsWith('+') && !line.startsWith('+++') && !held.has(line.slice(1).trim()))
}

// How long a switch may take to come back after its own timer has reverted it, in milliseconds (docs/fault-model.md row 13).
const GRACE = 60_000
const PAUSE = 3_000
// The longest pause behind a refusal where no commit timer runs.
const LONGEST = 20_000

/**
 * How long a silent switch is asked, in milliseconds: a whole commit timer, if one was started, and the grace. When it was
 * started is known by the wall clock alone, which may have jumped since; waiting too long costs time, too short the answer.
 */
export function patience(context: TaskContext<unknown>, name: string): number {
  const { armedAt, timer } = context.history(name)
  return (armedAt === undefined || timer === undefined ? 0 : timer * 1000) + GRACE
}

/** Rests before a switch is asked again where it is, and makes a new login for it. One that has refused the user is asked ever less often, because enough refusals lock an account: its commit timer gives it the users of before. */
export async function restBetween(
  context: TaskContext<unknown>,
  name: string,
  refused: number | undefined,
): Promise<number> {
  if (refused === undefined) {
    await context.clock.sleep(PAUSE, context.signal)
    await lookAnew(context, name, []).catch(() => undefined)
    return 0
  }
  const { armedAt, timer } = context.history(name)
  const left = armedAt === undefined || timer === undefined ? 0 : armedAt + timer * 1000 - context.clock.now()
  const pause = Math.min(Math.max(PAUSE, refused * 2), left > 0 ? left + PAUSE : LONGEST)
  await context.clock.sleep(pause, context.signal)
  return pause
}
