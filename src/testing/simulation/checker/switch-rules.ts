import type { Box } from '../box.ts'
import type { Side } from '../device-texts.ts'
import { Violation } from '../violation.ts'
import type { Sent } from '../watch.ts'
import type { OfExecution, OnDevice } from './record.ts'

/** What must hold of a switch at every moment, whatever happened to it: I1, I2, I21. */
export function requireSafe(box: Box, executions: readonly OfExecution[]): void {
  for (const side of SIDES) {
    const own = executions.filter((execution) => execution.side === side)
    const differs = box.running[side] !== 'none' || (side === 'main' && box.running.cut)
    if (differs && !isUnderTimer(box, own) && !own.some((execution) => isVerified(execution, box))) {
      throw new Violation('I1', `${box.name}: the change runs without a commit timer, and was not verified`)
    }
    if (box.startup[side] !== 'none' && !own.some((execution) => isVerified(execution, box))) {
      throw new Violation('I2', `${box.name}: startup-config holds the change, which was not verified`)
    }
  }
  for (const { prefix, devices } of executions) {
    const open = openOf(box, prefix, devices)
    if (open.length > 1) throw new Violation('I21', `${box.name}: ${open.map(({ name }) => name).join(' and ')}`)
  }
}

const SIDES: readonly Side[] = ['main', 'rival']

function isUnderTimer(box: Box, executions: readonly OfExecution[]): boolean {
  return executions.some(({ prefix }) => box.armed?.startsWith(prefix))
}

function isVerified({ devices }: OfExecution, box: Box): boolean {
  return knownOf(devices, box)?.verified === true
}

/** What an execution has to do with a switch: it may have met it at the address of another one. */
function knownOf(devices: OfExecution['devices'], { name }: Box): OnDevice | undefined {
  return [...devices.values()].find(({ plannedOn }) => plannedOn === name) ?? devices.get(name)
}

/** What must hold when all is over: I11 and I21, and that nothing of ours is under a timer. */
export function requireQuiet(box: Box, executions: readonly OfExecution[]): void {
  if (box.running.cut) throw new Violation('I11', `${box.name}: the way to its management stays cut`)
  for (const { prefix, devices } of executions) {
    const [left] = knownOf(devices, box)?.end === 'unknown' ? [] : openOf(box, prefix, devices)
    if (left !== undefined) throw new Violation('I21', `${box.name}: session ${left.name} is left ${left.state}`)
  }
}

/**
 * The open sessions of an execution, but for what a request has opened that the network brought when its sender had
 * long given up: nobody can call it back, nothing is committed in it, and the switch discards it in the end.
 */
export function openOf(
  box: Box,
  prefix: string,
  devices: OfExecution['devices'],
): readonly { name: string; state: string }[] {
  const known = knownOf(devices, box)
  return box.openOf(prefix).filter(({ name, state }) => state === 'armed' || known?.late.has(name) !== true)
}

/** What a timed commit must be, now that it took effect: I3 and I4. */
export function requireApprovedCommit(execution: OfExecution, onDevice: OnDevice, box: Box, { device }: Sent): void {
  if (box.name !== onDevice.plannedOn) {
    throw new Violation('I4', `${box.name} was committed, and ${onDevice.plannedOn} was approved`)
  }
  onDevice.timedCommits += 1
  if (onDevice.timedCommits > 1) throw new Violation('I3', `${device}: a second timed commit took effect`)
  const { side } = execution
  if (box.running[side] !== 'all') throw new Violation('I4', `${device}: what was committed is not the change`)
}

/** I4: what a session was opened upon must be what the plan was made upon; else another change was approved. */
export function requirePlannedBase(execution: OfExecution, onDevice: OnDevice, box: Box, candidate: string): void {
  if (candidate === onDevice.planned) return
  throw new Violation(
    'I4',
    `${box.name}: ${execution.prefix}: planned upon \`${onDevice.planned}\`, committed upon \`${candidate}\``,
  )
}

/** What the sessions of other tools, and of controllers with a store of their own, are called. */
const FOREIGN = /^(napalm|eosflow-0ddba11)_/

/** What somebody else's sessions are on a switch. */
export function foreignSessions(box: Box): readonly string[] {
  return box.device.sessions.all().flatMap(({ name, state }) => (FOREIGN.test(name) ? [`${name} ${state}`] : []))
}

/** I8: nobody else's session is touched. */
export function requireUntouched(before: readonly string[], box: Box): void {
  const after = foreignSessions(box)
  const lost = before.find((session) => !after.includes(session))
  if (lost !== undefined) throw new Violation('I8', `${box.name}: the session of somebody else, ${lost}, was touched`)
}
