import type { JournalEvent } from '../../../journal/event.ts'
import { TIMER } from '../change-under-test.ts'
import { CANARY, PASSWORD } from '../device-texts.ts'
import type { Life } from '../life.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { besides, type Decisions, type OfExecution, type OnDevice } from './record.ts'
import { openOf } from './switch-rules.ts'

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
export function requireOrder(execution: OfExecution, event: JournalEvent, life: Life | undefined): void {
  if (event.seq <= execution.last) throw new Violation('I14', `record ${event.seq} after ${execution.last}`)
  const { writer } = execution
  if (life !== undefined && writer !== undefined && writer.number > life.number) {
    throw new Violation('I15', `controller ${life.number} writes ${event.type} after controller ${writer.number}`)
  }
  if (execution.ended) throw new Violation('I15', `${event.type} is written behind the end of the execution`)
}

/** I5 and I17: a timed commit is intended only under an approval of this plan that holds now. */
export function requireApproved(execution: OfExecution, decisions: Decisions, wall: number): void {
  const about = decisions.statements.filter(({ plan }) => plan === execution.digest)
  if (about.some(({ decision }) => decision === 'reject')) throw new Violation('I17', 'the plan was rejected')
  const now = Math.max(wall, decisions.highestWall)
  const live = about.filter(
    ({ notBefore, expires, nonce }) =>
      now >= Date.parse(notBefore) &&
      now < Date.parse(expires) &&
      (decisions.uses.get(nonce) ?? execution.id) === execution.id,
  )
  if (live.length === 0) throw new Violation('I5', 'no approval of this plan holds when the commit is intended')
}

/** I20: what is on record as done was done, and was not taken for done because nobody answered. */
export function requireDone(onDevice: OnDevice, { act, session, device }: Body<'ActFinished'>): void {
  const key = keyOf(act, session)
  if (!onDevice.effects.has(key)) throw new Violation('I20', `${device}: ${act} is recorded as done, and was not`)
  if (!onDevice.answered.has(key) && onDevice.silent) {
    throw new Violation('I20', `${device}: ${act} is recorded as done, and nobody has answered`)
  }
}

/** An act as the sets of {@link OnDevice} name it. A restore, a save and the deletion of checkpoints carry their session only in the journal. */
export function keyOf(act: string, session: string): string {
  return act === 'save' || act === 'restore' || act === 'prune' ? act : `${act} ${session}`
}

/** Where an execution says that a switch has ended must be where it was read, and where it is. */
export function requireEnd(execution: OfExecution, name: string, end: string, world: World, now: number): void {
  const onDevice = execution.devices.get(name)
  if (onDevice === undefined) return
  onDevice.end = end
  if (end === 'changed') requireChanged(onDevice, name, execution)
  else if (end === 'unknown') requireUnknown(onDevice, name, execution, now)
  else requireBack(execution, name, end, world)
}

/** I7: done means that running-config was read as the target behind the last act, and startup-config as the same. */
function requireChanged({ heard, changedAt, planned }: OnDevice, name: string, { side }: OfExecution): void {
  if (heard === undefined || heard.at < changedAt) throw new Violation('I7', `${name}: done, and not read back`)
  const { running, saved } = heard
  if (running[side] !== 'all' || besides(running, side) !== planned) {
    throw new Violation('I7', `${name}: done, and another configuration was read back`)
  }
  if (!saved) throw new Violation('I7', `${name}: done, and startup-config was read as another one`)
}

/** I8: put back means that nothing of the change runs, that this was read, and that no session of ours is left. */
function requireBack(execution: OfExecution, name: string, end: string, world: World): void {
  const box = world.box(name)
  const { side, prefix } = execution
  const { heard, timedCommits, changedAt } = execution.devices.get(name) ?? {}
  if (box.running[side] !== 'none') throw new Violation('I8', `${name}: ${end}, and the change runs`)
  const [left] = openOf(box, prefix, execution.devices)
  if (left !== undefined) throw new Violation('I8', `${name}: ${end}, and session ${left.name} is ${left.state}`)
  if (end === 'unchanged' || timedCommits === 0 || timedCommits === undefined) return
  if (heard === undefined || heard.running[side] !== 'none' || heard.at < (changedAt ?? 0)) {
    throw new Violation('I8', `${name}: ${end}, and not read back`)
  }
}

/** I10: unknown only where the switch was silent past its timer, or showed neither what was before nor the change. */
function requireUnknown(
  { silent, elsewhere, armedAt, heard, planned, plannedByHand }: OnDevice,
  name: string,
  { side }: OfExecution,
  now: number,
): void {
  if (silent || elsewhere) {
    if (armedAt === undefined || now >= armedAt + TIMER * 1000) return
    throw new Violation('I10', `${name}: given up as unknown while its commit timer still runs`)
  }
  if (heard === undefined || besides(heard.running, side) !== planned) return
  const { running, saved } = heard
  if (saved && running[side] === 'none' && running.byHand === plannedByHand) {
    throw new Violation('I10', `${name}: unknown, and it was read as it was before`)
  }
  if (running[side] === 'all') throw new Violation('I10', `${name}: unknown, and it was read as the change wants it`)
}
