import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Box } from '../box.ts'
import { holds, partOn, type Side } from '../device-texts.ts'
import { Violation } from '../violation.ts'
import type { Sent } from '../watch.ts'
import type { Look, OfExecution, OnDevice } from './record.ts'

/** What must hold of a switch at every moment, whatever happened to it: I1, I2, I21. */
export function requireSafe(box: Box, executions: readonly OfExecution[]): void {
  for (const side of SIDES) {
    const own = executions.filter((execution) => execution.side === side)
    if (own.length > 0 && (side !== 'back' || wasChanged(box, executions)))
      requireSideSafe(box, side, own, isPassedOn(box, own, executions))
  }
  for (const { prefix, devices } of executions) {
    const replays = knownOf(devices, box)?.replays
    const open = openOf(box, prefix, devices).filter(({ name }) => replays?.has(name) !== true)
    if (open.length > 1) throw new Violation('I21', `${box.name}: ${open.map(({ name }) => name).join(' and ')}`)
  }
}

/** Whether the change is there that a rollback takes back. */
function wasChanged({ name }: Box, executions: readonly OfExecution[]): boolean {
  return executions.some(
    ({ side, devices }) =>
      side === 'main' && [...devices.values()].some(({ plannedOn, end }) => plannedOn === name && end === 'changed'),
  )
}

/** Where somebody has saved the change a reboot loads it, their commit timer brings it again, and where no text can be replayed nothing puts the switch back. */
export function isHelpless(box: Box): boolean {
  return isSavedByHand(box) || box.cannotReplaySince !== undefined || box.isTakenBackByOthers
}

/** Whether somebody has saved, whatever ran, or a request of ours that came too late. */
export function isSavedByHand({ device, isSavedLate }: Box): boolean {
  return isSavedLate || device.hands.some(({ hand }) => hand.kind === 'hand-save')
}

function requireSideSafe(box: Box, side: Side, own: readonly OfExecution[], isPassedOn: boolean): void {
  if (own.some((execution) => isVerified(execution, box))) return
  const differs = holds(box.running, side) || (side === 'main' && box.running.cut)
  if (differs && !isUnderTimer(box, own) && !isHelpless(box)) {
    throw new Violation('I1', `${box.name}: the change runs without a commit timer, and was not verified`)
  }
  if (holds(box.startup, side) && !isSavedByHand(box) && !isPassedOn) {
    throw new Violation('I2', `${box.name}: startup-config holds the change, which was not verified`)
  }
}

/**
 * Whether what an execution has left on a switch is another one's to save: the first has called the switch unknown, the other was planned and
 * approved upon that and is verified.
 */
function isPassedOn(box: Box, own: readonly OfExecution[], executions: readonly OfExecution[]): boolean {
  const isLeft = own.every(({ devices }) => knownOf(devices, box)?.end === 'unknown')
  return isLeft && executions.some((execution) => !own.includes(execution) && isVerified(execution, box))
}

const SIDES: readonly Side[] = ['main', 'rival', 'back']

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
  if (box.running.cut && box.cannotReplaySince === undefined)
    throw new Violation('I11', `${box.name}: the way to its management stays cut`)
  for (const { prefix, devices } of executions) {
    const [left] = knownOf(devices, box)?.end === 'unknown' ? [] : openOf(box, prefix, devices)
    if (left !== undefined) throw new Violation('I21', `${box.name}: session ${left.name} is left ${left.state}`)
  }
}

/** Whether a session is an owner session, by its name. */
export function isOwner(session: string): boolean {
  return /-own\d+$/.test(session)
}

/**
 * The open sessions of an execution, its owner sessions aside, but for what a request has opened that the network brought when its sender had
 * long given up: nobody can call it back, nothing is committed in it, and the switch discards it in the end.
 */
export function openOf(
  box: Box,
  prefix: string,
  devices: OfExecution['devices'],
): readonly { name: string; state: string }[] {
  const known = knownOf(devices, box)
  return box
    .openOf(prefix)
    .filter(({ name, state }) => state === 'armed' || (known?.late.has(name) !== true && !isOwner(name)))
}

/** What a timed commit must be, now that it took effect: I3 and I4. */
export function requireApprovedCommit(execution: OfExecution, onDevice: OnDevice, box: Box, { device }: Sent): void {
  if (box.name !== onDevice.plannedOn) {
    throw new Violation('I4', `${box.name} was committed, and ${onDevice.plannedOn} was approved`)
  }
  onDevice.timedCommits += 1
  if (onDevice.timedCommits > 1) throw new Violation('I3', `${device}: a second timed commit took effect`)
  const { side } = execution
  if (partOn(box.running, side, onDevice.wasByHand) !== 'all')
    throw new Violation('I4', `${device}: what was committed is not the change`)
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

/** What a switch truly is for an execution: whether what its checks ask for is there, and its commit timer. */
export function lookAt(box: Box, { side, prefix }: OfExecution): Look {
  const vlan = side === 'main' ? 'vlan 998' : 'vlan 997'
  const hasChange = side === 'back' || box.device.running.children.some(({ line }) => line === vlan)
  const vlans = box.device.running.children
    .filter(({ line }) => line.startsWith('vlan '))
    .map(({ line, children }) => [line, ...children.map((child) => child.line)].join(' '))
  return { hasChange, isArmed: box.armed?.startsWith(prefix) === true, vlans: vlans.toSorted().join('\n') }
}

/** I25: verified is what had the change, under the commit timer of this execution, when it was looked at the last time. */
export function verify(
  onDevice: OnDevice | undefined,
  { state, device = '' }: JournalEvent & { type: 'TaskSucceeded' },
): void {
  if (onDevice === undefined || state !== 'Verify') return
  const { lookHeard } = onDevice
  if (lookHeard?.hasChange !== true) throw new Violation('I25', `${device}: verified, and its VLAN was not there`)
  if (!lookHeard.isArmed) throw new Violation('I25', `${device}: verified, and not under our commit timer`)
  onDevice.verified = true
}

/** I53: what is said of the network behind a put-back is what the last look at the switch was answered with. */
export function requireNetwork(
  { lookHeard, vlansBefore }: OnDevice,
  { device, network }: JournalEvent & { type: 'NetworkRead' },
): void {
  if (network === 'unknown') return
  const isSame = lookHeard !== undefined && lookHeard.vlans === vlansBefore
  if (isSame !== (network === 'same'))
    throw new Violation(
      'I53',
      `${device}: its network is called ${network}, and its VLANs are ${isSame ? '' : 'not '}as before`,
    )
}

/** I26: no exec command runs in a config session. */
export function requireNoExec(box: Box): void {
  const [ran] = box.device.commandLog.inConfig()
  if (ran !== undefined) throw new Violation('I26', `${box.name}: \`${ran.line}\` ran in session ${ran.session}`)
}

/** I21: a name of a session is used once. */
export function requireNewName({ names }: OnDevice, box: Box, session: string): void {
  if (names.has(session)) throw new Violation('I21', `${box.name}: the name ${session} is used again`)
  names.add(session)
}
