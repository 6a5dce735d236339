import type { Fault, FaultOf } from '../fault/fault.ts'
import { atTime, isHand, waitsForPoint } from '../fault/hand.ts'
import type { Actor } from './config-session.ts'
import type { Switch } from './switch.ts'

const FOREIGN: Actor = { user: 'cvpadmin', from: 'TerminAttr (localhost)' }

const STRIKES_AT_ONCE: ReadonlySet<Fault['kind']> = new Set(['session-limit', 'foreign-timer', 'no-startup-config'])

/** Sets a fault on a switch: foreign sessions and timers, and hands and reboots without a moment, strike at once. */
export function setFault(device: Switch, fault: Fault): void {
  device.settle()
  if (STRIKES_AT_ONCE.has(fault.kind)) device.faults.felt(fault)
  if (fault.kind === 'session-limit') fillSessions(device, fault.sessions ?? Number.POSITIVE_INFINITY)
  else if (fault.kind === 'foreign-timer') armForeign(device, fault)
  else if (fault.kind === 'no-startup-config') device.config.eraseStartup()
  else device.faults.set(atOnce(fault), device.now, fault)
  device.settle()
}

function fillSessions({ sessions, random }: Switch, count: number) {
  for (let left = Math.min(count, sessions.room); left > 0; left -= 1)
    sessions.open(foreignName(random.hex(4)), FOREIGN)
}

function armForeign({ sessions, random }: Switch, { session, user, seconds }: FaultOf<'foreign-timer'>) {
  const by = { ...FOREIGN, user: user ?? FOREIGN.user }
  const opened = sessions.open(session ?? foreignName(random.hex(4)), by)
  if (!('ok' in opened)) sessions.commitTimer(opened.name, seconds, by)
}

// As CloudVision names its sessions (docs/eos.md 2.6).
function foreignName(hex: string) {
  return `CVP-configtask-${hex}`
}

function atOnce(fault: Fault): Fault {
  if (isHand(fault)) return waitsForPoint(fault) ? fault : atTime(fault, fault.after ?? 0)
  const waits = fault.kind === 'reboot' && (fault.on !== undefined || fault.command !== undefined)
  return fault.kind === 'reboot' && !waits ? { ...fault, after: fault.after ?? 0 } : fault
}
