import type { Switch } from '../switch/switch.ts'
import type { Fault } from './fault.ts'

/** Sets a fault on a switch: foreign sessions and timers, and edits and reboots without a moment, strike at once. */
export function setFault(device: Switch, fault: Fault): void {
  device.settle()
  if (fault.kind === 'session-limit') device.fillSessions(fault.sessions ?? Number.POSITIVE_INFINITY)
  else if (fault.kind === 'foreign-timer') device.armForeign(fault)
  else device.faults.set(atOnce(fault), device.now)
  device.settle()
}

function atOnce(fault: Fault): Fault {
  if (fault.kind === 'hand-edit' && fault.on === undefined) return { ...fault, after: fault.after ?? 0 }
  const waits = fault.kind === 'reboot' && (fault.on !== undefined || fault.command !== undefined)
  return fault.kind === 'reboot' && !waits ? { ...fault, after: fault.after ?? 0 } : fault
}
