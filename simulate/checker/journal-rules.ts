import { foldAll } from '../../src/change/engine/fold.ts'
import { foldSwitches } from '../../src/change/engine/past-checkpoints.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { isRead } from '../../src/change/record/event/record-text.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Box } from '../box.ts'
import { TIMER } from '../change-under-test.ts'
import type { ControllerStore } from '../controller-store.ts'
import { CANARY, holds, PASSWORD, partOn } from '../device-texts.ts'
import type { Execution } from '../simulated-execution.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { besides, type OfExecution, type OnDevice } from './record.ts'
import { isHelpless, isSavedByHand, openOf } from './switch-rules.ts'

type Body<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>

/** I12: no secret is on record. */
export function requireNoSecret(event: JournalEvent): void {
  const text = JSON.stringify(event)
  if (text.includes(CANARY) || text.includes(PASSWORD)) throw new Violation('I12', `${event.type} holds a secret`)
}

/** What must not occur has no number: an error of kind `bug` says it itself. */
export function requireNoBug(event: JournalEvent): void {
  if ('error' in event && event.error?.kind === 'bug')
    throw new Violation('bug', `${event.type}: ${event.error.message}`)
}

/** I14 and I15: records follow each other without a gap, and nobody writes who was superseded. */
export function requireOrder(
  execution: OfExecution,
  event: JournalEvent,
  life: Life | undefined,
  isPosted: boolean,
): void {
  if (event.seq <= execution.last) throw new Violation('I14', `record ${event.seq} after ${execution.last}`)
  const { writer } = execution
  // Of two that a postman has sent, the later one may have been faster, and be gone.
  const isTaking = isPosted && (event.type === 'ExecutionResumed' || event.type === 'ExecutionRedriven')
  if (!isTaking && life !== undefined && writer !== undefined && writer.number > life.number) {
    throw new Violation('I15', `controller ${life.number} writes ${event.type} after controller ${writer.number}`)
  }
  if (execution.ended) throw new Violation('I15', `${event.type} is written behind the end of the execution`)
}

/** I14: the record verifies. */
export async function requireVerified(store: ControllerStore): Promise<void> {
  try {
    await store.verifyChain()
  } catch (error) {
    throw new Violation('I14', error instanceof Error ? error.message : String(error))
  }
}

/** I14: nothing that was acknowledged is missing. Gives the records. */
export async function requireKept(
  store: ControllerStore,
  execution: string,
  acknowledged: number,
): Promise<readonly JournalEvent[]> {
  const events = await store.read(execution)
  if (events.length >= acknowledged) return events
  throw new Violation('I14', `${acknowledged} records were acknowledged, ${events.length} are there`)
}

/** I20: what is on record as done was done, and was not taken for done because nobody answered. */
export function requireDone(onDevice: OnDevice, { act, session, device }: Body<'ActFinished'>, box: Box): void {
  // A save whose answer was lost may be somebody else's.
  if (act === 'save' && isSavedByHand(box)) return
  if (act === 'release') {
    requireReleased(session, box)
    return
  }
  const key = keyOf(act, session)
  if (!onDevice.effects.has(key)) throw new Violation('I20', `${device}: ${act} is recorded as done, and was not`)
  if (!onDevice.answered.has(key) && onDevice.silent) {
    throw new Violation('I20', `${device}: ${act} is recorded as done, and nobody has answered`)
  }
}

/** An owner session is ended by an abort, by a reboot, or because it was never there. */
function requireReleased(session: string, box: Box): void {
  if (box.device.sessions.get(session)?.state !== 'pending') return
  throw new Violation('I20', `${box.name}: ${session} is recorded as ended, and is open`)
}

/** An act is on record as intended; that of a timed commit says whether others are locked out. */
export function intend(onDevice: OnDevice, event: Body<'ActIntended'>): void {
  onDevice.intents.add(keyOf(event.act, event.session))
  if (event.act === 'replay') onDevice.replays.add(event.session)
  if (event.act === 'arm') onDevice.isWindowNamed = event.locked === false
}

/** An act as the sets of {@link OnDevice} name it. A restore, a save and the deletion of checkpoints carry their session only in the journal. */
export function keyOf(act: string, session: string): string {
  return act === 'save' || act === 'restore' || act === 'prune' ? act : `${act} ${session}`
}

/** Where an execution says that a switch has ended must be where it was read, and where it is. */
export function requireEnd(execution: OfExecution, name: string, end: string, world: World, now: number): void {
  const onDevice = execution.devices.get(name)
  if (onDevice === undefined) return
  if (onDevice.end === end && onDevice.isMovedSince) return
  onDevice.end = end
  onDevice.isMovedSince = false
  if (end === 'untouched' && onDevice.timedCommits > 0) {
    throw new Violation('I24', `${name}: untouched, and a timed commit took effect`)
  }
  if (end === 'changed') requireChanged(onDevice, name, execution)
  else if (end === 'unknown') requireUnknown(onDevice, name, execution, now, isHelpless(world.box(name)))
  else requireBack(execution, name, end, world)
}

/** I55: behind a switch that ended unknown no wave is begun. */
export function requireNobodyLost({ id, devices }: OfExecution): void {
  for (const [name, { end }] of devices) {
    if (end === 'unknown') throw new Violation('I55', `${id}: a wave begins behind ${name}, which ended unknown`)
  }
}

/** I7: done means that running-config was read as the target behind the last act, and startup-config as the same. */
function requireChanged({ heard, changedAt, planned, wasByHand }: OnDevice, name: string, { side }: OfExecution): void {
  if (heard === undefined || heard.at < changedAt) throw new Violation('I7', `${name}: done, and not read back`)
  const { running, saved } = heard
  if (partOn(running, side, wasByHand) !== 'all' || besides(running, side) !== planned) {
    throw new Violation('I7', `${name}: done, and another configuration was read back`)
  }
  if (!saved) throw new Violation('I7', `${name}: done, and startup-config was read as another one`)
}

/** I8: put back means that nothing of the change runs, that this was read, and that no session of ours is left. */
function requireBack(execution: OfExecution, name: string, end: string, world: World): void {
  const box = world.box(name)
  const { side, prefix } = execution
  const { heard, timedCommits, changedAt } = execution.devices.get(name) ?? {}
  if (box.isTakenBackByOthers) return
  if (holds(box.running, side)) throw new Violation('I8', `${name}: ${end}, and the change runs`)
  if (holds(box.startup, side)) throw new Violation('I2', `${name}: ${end}, and startup-config holds the change`)
  const [left] = openOf(box, prefix, execution.devices)
  if (left !== undefined) throw new Violation('I8', `${name}: ${end}, and session ${left.name} is ${left.state}`)
  if (end === 'unchanged' || timedCommits === 0 || timedCommits === undefined) return
  if (heard === undefined || holds(heard.running, side) || heard.at < (changedAt ?? 0)) {
    throw new Violation('I8', `${name}: ${end}, and not read back`)
  }
}

/** I10: unknown only where the switch was silent past its timer, or showed neither what was before nor the change. */
function requireUnknown(
  { silent, elsewhere, armedAt, heard, planned, plannedByHand }: OnDevice,
  name: string,
  { side }: OfExecution,
  now: number,
  isHelpless: boolean,
): void {
  if (silent || elsewhere) {
    if (armedAt === undefined || now >= armedAt + TIMER * 1000) return
    throw new Violation('I10', `${name}: given up as unknown while its commit timer still runs`)
  }
  if (heard === undefined || besides(heard.running, side) !== planned) return
  const { running, saved } = heard
  if (saved && partOn(running, side) === 'none' && running.byHand === plannedByHand) {
    throw new Violation('I10', `${name}: unknown, and it was read as it was before`)
  }
  // What somebody saved under the timer a reboot loads, and where no text can be replayed nothing puts it back.
  if (partOn(running, side) === 'all' && !isHelpless)
    throw new Violation('I10', `${name}: unknown, and it was read as the change wants it`)
}

/** I19: what is folded from the record again, twice, is what the controller had when it ended. */
function requireSameFold(ended: ExecutionState, events: readonly JournalEvent[]): void {
  const had = JSON.stringify(ended)
  for (let time = 0; time < 2; time += 1) {
    if (JSON.stringify(foldAll(ended.id, events)) === had) continue
    throw new Violation('I19', `${ended.id}: the record folds into another state than the controller ended with`)
  }
}

/** I19: the records of its switches alone say of them what the whole record says. */
async function requireSameSwitches(ended: ExecutionState, events: readonly JournalEvent[]): Promise<void> {
  const some = await foldSwitches(ended.id, async (_, types) => {
    return types === undefined ? events : events.filter(({ type }) => isRead(type, types))
  })
  for (const member of ['status', 'outcome', 'seq', 'file', 'targets', 'plan', 'devices', 'ends', 'sites'] as const) {
    if (JSON.stringify(some[member]) === JSON.stringify(ended[member])) continue
    throw new Violation('I19', `${ended.id}: the records of its switches say another ${member} than all of them`)
  }
}

/** I9, I14 and I19: when everything has come to rest each execution has ended, and its record is whole and says how. */
export async function requireRecorded(
  executions: readonly Execution[],
  acknowledged: (execution: string) => number,
): Promise<void> {
  for (const { id, ended, store } of executions) {
    if (ended === undefined) throw new Violation('I9', `${id} has not ended in time`)
    const events = await requireKept(store, id, acknowledged(id))
    requireSameFold(ended, events)
    await requireSameSwitches(ended, events)
  }
  for (const store of new Set(executions.map((one) => one.store))) await requireVerified(store)
}
