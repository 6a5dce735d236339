import type { ConfigReading, DeviceIdentity, Look } from '../../../eos/device/device.ts'
import { isOpen, type SessionState } from '../../../eos/device/session-table.ts'
import type { Finding } from '../../../model/act.ts'
import { changeTexts } from './beside-target.ts'
import { isTarget } from './boot-lines.ts'
import type { ChangePort, TaskContext } from './context.ts'
import { read } from './read.ts'
import { sameBehindCommit } from './same-config.ts'
import { requireSameSwitch } from './same-switch.ts'
import { isOwnerSession, sessionPrefix } from './session-name.ts'
import { isPlannedBase, unrecordedSessions } from './unrecorded.ts'

export interface SwitchNow {
  readonly found: Exclude<Finding, 'unreachable'>
  readonly look: Look
  readonly reading: ConfigReading
  readonly own: readonly { readonly name: string; readonly state: SessionState }[]
  readonly secondsLeft: number | undefined
}

/** Throws `wrong-device` when another switch answers. */
export async function observeSwitch(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  const look = await read(context, name, (device) => device.look([]))
  await requireIdentity(context, name, look.identity)
  const reading = await read(context, name, (device) => device.readConfig())
  const own = ownSessions(context.execution, look)
  const secondsLeft = own.some((session) => session.state === 'armed') ? look.sessions.armed?.secondsLeft : undefined
  const found = secondsLeft === undefined ? await compare(context, name, reading.running) : 'armed'
  const detail = describe(found, secondsLeft, own.length)
  await context.log.settled(name, found, detail, unrecordedSessions(context, name, look))
  return { found, look, reading, own, secondsLeft }
}

export function ownSessions(execution: string, look: Look): SwitchNow['own'] {
  const prefix = sessionPrefix(execution)
  return Object.entries(look.sessions.sessions)
    .filter(([name, state]) => name.startsWith(prefix) && !isOwnerSession(name) && isOpen(state))
    .map(([name, state]) => ({ name, state }))
}

/** Throws `wrong-device` unless the switch is the one that was planned. */
export async function requireIdentity(
  context: { readonly change: Pick<ChangePort, 'planned'> },
  name: string,
  found: DeviceIdentity,
): Promise<void> {
  const { identity } = await context.change.planned(name)
  requireSameSwitch(name, found, identity, 'planned was')
}

async function compare(
  context: TaskContext<unknown>,
  name: string,
  running: string,
): Promise<Finding & SwitchNow['found']> {
  const change = await changeTexts(context, name)
  if (change === undefined) return (await isPlannedBase(context, name, running)) ? 'base' : 'other'
  if (sameBehindCommit(change.base, running, change)) return 'base'
  return (await isTarget(context, name, running)) ? 'target' : 'other'
}

const FOUND: Readonly<Record<SwitchNow['found'], string>> = {
  base: 'running-config equals the one before the change',
  target: 'running-config holds the change and no commit timer runs',
  armed: 'running-config holds the change under the commit timer',
  other: 'running-config is neither the one before the change nor the approved one',
}

function describe(found: SwitchNow['found'], secondsLeft: number | undefined, open: number) {
  const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`
  return `${FOUND[found]}${left}${open === 0 ? '' : `; ${open} own session open`}`
}
