import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Box } from '../box.ts'
import type { History } from '../history.ts'
import type { Execution } from '../simulated-execution.ts'
import { changes } from '../verbs.ts'
import { Violation } from '../violation.ts'
import type { Heard, Sent, Watch } from '../watch.ts'
import { ANSWER_TIMEOUT } from '../wire.ts'
import { type Decisions, DecisionsByStore, decide, requireApproved, useApproval } from './decisions.ts'
import { hear, heedSnapshot } from './heard.ts'
import {
  intend,
  keyOf,
  requireDone,
  requireEnd,
  requireKept,
  requireNoBug,
  requireNobodyLost,
  requireNoSecret,
  requireOrder,
  requireRecorded,
  requireVerified,
} from './journal-rules.ts'
import { BESIDE, ENDS_ITSELF, LEAVES_OPEN, OPENS, TYPED } from './known-verbs.ts'
import { isLateAbort, mayHaveWaited } from './late-abort.ts'
import { ProvenReplays } from './proven-replays.ts'
import { besides, forgiveEnd, newOfExecution, type OfExecution, type OnDevice, startAgain } from './record.ts'
import { requireAllConfirmed, requireLawful } from './request-rules.ts'
import { shownBy } from './shown.ts'
import {
  foreignSessions,
  lookAt,
  requireApprovedCommit,
  requireNetwork,
  requireNewName,
  requireNoExec,
  requirePlannedBase,
  requireQuiet,
  requireSafe,
  requireUntouched,
  verify,
} from './switch-rules.ts'
import { TypedLines } from './typed-lines.ts'

/**
 * Holds a history to the invariants of docs/simulation.md#what-is-checked after everything that happens in it. It reads the
 * switches themselves and folds the journal by itself: no code under test says what is right.
 */
export class Checker implements Watch {
  readonly #history: History
  readonly #executions = new Map<string, OfExecution>()
  readonly #decisions = new DecisionsByStore()
  /** The sessions of others on each switch, when the last request reached it. */
  readonly #foreign = new Map<Box, readonly string[]>()
  /** Aborts of who was taken over that met no armed session. */
  readonly #endsNothing = new WeakSet<Sent>()
  readonly #typed = new TypedLines()
  readonly #replays = new ProvenReplays()

  constructor(history: History) {
    this.#history = history
  }

  appending(life: Life, events: readonly EventBody[]): void {
    const execution = this.#executions.get(life.execution)
    // The store refuses what who was taken over appends (I33).
    if (this.#isTakenOver(life)) return
    if (execution === undefined || !events.some((event) => event.type === 'ActIntended' && event.act === 'arm')) return
    requireApproved(
      execution,
      this.#decisionsOf(execution.id),
      this.#history.wallOf(life),
      mayHaveWaited(this.#history, life),
    )
  }

  appended(life: Life | undefined, events: readonly JournalEvent[]): void {
    for (const event of events) this.#takeUp(event, life)
  }

  sent(sent: Sent): void {
    const { execution, onDevice } = this.#of(sent)
    if (isLateAbort(this.#history, sent, execution)) return
    requireLawful(sent, execution, onDevice, this.#decisionsOf(execution.id))
    if (sent.request.verb === 'save' && this.#isWhole(execution)) requireAllConfirmed(execution, sent)
    if (changes(sent.request)) onDevice.unsettled = sent.request.verb
  }

  arrives(sent: Sent, box: Box): void {
    this.#foreign.set(box, foreignSessions(box))
    this.#typed.arrives(box)
    const { request } = sent
    if (isLateAbort(this.#history, sent, this.#of(sent).execution) && box.armed !== request.session)
      this.#endsNothing.add(sent)
    this.#of(sent).onDevice.firstReached ??= this.#history.timeline.now
  }

  carriedOut(sent: Sent, box: Box, ok: boolean, answer = ''): void {
    const { execution, onDevice } = this.#of(sent)
    const { request } = sent
    const [{ verb, session }, { now }] = [request, this.#history.timeline]
    onDevice.elsewhere = box.name !== onDevice.plannedOn
    if (ok && verb === 'look' && !execution.isSnapshotTaken) onDevice.plannedOn = box.name
    if (changes(request)) requireUntouched(this.#foreign.get(box) ?? [], box)
    if (ok && changes(request)) this.#takeEffect(sent, box, execution, onDevice)
    this.#typed.carriedOut(sent, box, execution, onDevice, answer)
    requireNoExec(box)
    if (verb === 'read' || verb === 'save') onDevice.shown = shownBy(box, answer, now, onDevice.shown)
    if (verb === 'look') onDevice.looked = lookAt(box, execution)
    if (ok && verb === 'replay') this.#replays.carriedOut(this.#execution(execution.id).store, box)
    if (ok && verb === 'stage' && box.device.sessions.get(session) === undefined)
      throw new Violation('I21', `${box.name}: ${session} was staged, and is not there`)
    this.#requireSafe(box)
  }

  heard(sent: Sent, how: Heard, answer = ''): void {
    const { execution, onDevice } = this.#of(sent)
    if (isLateAbort(this.#history, sent, execution)) return
    hear(sent.request, how, { execution, onDevice, answer })
  }

  moved(box: Box, why: string): void {
    this.#foreign.set(box, foreignSessions(box))
    this.#typed.moved(box, why.startsWith('reboot'))
    for (const execution of this.#executions.values()) forgiveEnd(execution, box)
    this.#requireSafe(box)
  }

  ended(execution: string, state: ExecutionState): void {
    const known = this.#executions.get(execution)
    if (known?.ended !== true)
      throw new Violation('I14', `${execution} has ended ${state.outcome}, and no record says so`)
  }

  /** I14: whenever a controller dies the record verifies, and nothing that was acknowledged is missing. */
  died(life: Life): void {
    const { records = 0 } = this.#executions.get(life.execution) ?? {}
    const { store } = this.#execution(life.execution)
    requireVerified(store)
      .then(() => requireKept(store, life.execution, records))
      .catch((violation: unknown) => this.#history.fail(violation))
  }

  /** What must hold when everything has come to rest. */
  async requireQuiet(): Promise<void> {
    await requireRecorded(this.#history.executions, (id) => this.#executions.get(id)?.records ?? 0)
    this.#typed.requireNamed()
    for (const box of this.#history.world.all()) {
      box.device.settle()
      this.#requireSafe(box)
      requireQuiet(box, [...this.#executions.values()])
    }
  }

  #isTakenOver(life: Life): boolean {
    const cluster = this.#history.workers?.cluster
    if (cluster === undefined) return false
    const owner = cluster.ownerOf(life.execution)
    return cluster.death.isDead(life) || (owner !== undefined && owner.life !== life)
  }

  #requireSafe(box: Box): void {
    requireSafe(box, [...this.#executions.values()])
  }

  #takeEffect(sent: Sent, box: Box, execution: OfExecution, onDevice: OnDevice): void {
    const { verb, session } = sent.request
    const { now } = this.#history.timeline
    onDevice.effects.add(keyOf(verb === 'plan' ? 'stage' : verb, session))
    if (OPENS.has(verb)) requireNewName(onDevice, box, session)
    const isLate = now - sent.at >= ANSWER_TIMEOUT
    if (!isLate && !BESIDE.has(verb) && !this.#endsNothing.has(sent)) onDevice.changedAt = now
    if (verb === 'plan' || (verb === 'stage' && execution.digest === undefined)) {
      onDevice.planned = besides(box.running, execution.side)
      onDevice.plannedByHand = box.running.byHand
    }
    if (LEAVES_OPEN.has(verb) && isLate) onDevice.late.add(session)
    if (verb === 'arm') {
      onDevice.armedAt = now
      this.#replays.requireReplayable(this.#execution(execution.id).store, onDevice, box)
      requireApprovedCommit(execution, onDevice, box, sent)
      // What somebody types behind the commit, within the request, is no part of it.
      requirePlannedBase(execution, onDevice, box, besides(box.candidateOf(session), execution.side))
    } else if (box.name !== onDevice.plannedOn && !ENDS_ITSELF.has(verb)) {
      throw new Violation('I4', `${verb} was carried out by ${box.name} instead of ${onDevice.plannedOn}`)
    }
    box.isSavedLate ||= verb === 'save' && isLate
    if (verb === 'save' && !isLate && box.armed?.startsWith(execution.prefix)) {
      throw new Violation('I2', `${box.name}: saved while its commit timer runs`)
    }
  }

  #takeUp(event: JournalEvent, life: Life | undefined): void {
    requireNoSecret(event)
    requireNoBug(event)
    if (event.type === 'ExecutionStarted' && event.execution !== undefined) {
      const { side } = this.#execution(event.execution)
      const before = [...this.#executions.values()]
      this.#executions.set(event.execution, newOfExecution(event.execution, event, side, before))
    }
    if (event.type === 'ApprovalDecided') {
      for (const execution of this.#executions.values()) {
        decide(this.#decisionsOf(execution.id), event)
      }
    }
    const execution = this.#executions.get(event.execution ?? '')
    if (execution === undefined) return
    if (event.type === 'ExecutionRedriven') startAgain(execution)
    requireOrder(execution, event, life, this.#history.workers !== undefined)
    for (const vlan of JSON.stringify(event).match(TYPED) ?? []) execution.named.add(vlan)
    execution.last = event.seq
    execution.records += 1
    execution.writer = life ?? execution.writer
    const decisions = this.#decisionsOf(execution.id)
    decisions.highestWall = Math.max(decisions.highestWall, Date.parse(event.at))
    heedSnapshot(execution, event)
    this.#fold(event, execution, decisions)
  }

  #fold(event: JournalEvent, execution: OfExecution, decisions: Decisions): void {
    const onDevice = 'device' in event && event.device !== undefined ? execution.devices.get(event.device) : undefined
    switch (event.type) {
      case 'PlanMade':
        execution.digest = event.digest
        return
      case 'MapStarted':
        requireNobodyLost(execution)
        return
      case 'ApprovalUsed':
        useApproval(decisions, event.nonce, execution)
        return
      case 'ActIntended':
        if (onDevice !== undefined) intend(onDevice, event)
        return
      case 'ActFinished':
        onDevice?.intents.delete(keyOf(event.act, event.session))
        if (onDevice !== undefined && event.outcome === 'done')
          requireDone(onDevice, event, this.#history.world.box(event.device))
        return
      case 'TaskSucceeded':
        verify(onDevice, event)
        return
      case 'ExecutionResumed':
        // Whatever was intended and has no outcome is unknown from here on.
        for (const { intents } of execution.devices.values()) intents.clear()
        return
      case 'CompensationStarted':
      case 'UndoStarted':
        execution.isUndoing = true
        return
      case 'DeviceSettled':
        onDevice?.intents.clear()
        return
      case 'UndoFinished':
        onDevice?.intents.clear()
        this.#requireEnd(execution, event.device, event.end)
        return
      case 'NetworkRead':
        if (onDevice !== undefined) requireNetwork(onDevice, event)
        return
      case 'ExecutionEnded':
        execution.ended = true
        for (const [name, end] of Object.entries(event.devices)) this.#requireEnd(execution, name, end)
        return
      default:
        return
    }
  }

  #requireEnd(execution: OfExecution, name: string, end: string): void {
    const { world, timeline } = this.#history
    requireEnd(execution, name, end, world, timeline.now)
    const [open] = execution.devices.get(name)?.intents ?? []
    if (open !== undefined) throw new Violation('I13', `${name}: ${open} was intended, and has no outcome`)
  }

  /** Whether all switches of an execution are confirmed together. */
  #isWhole({ side }: OfExecution): boolean {
    return side !== 'main' || this.#history.scenario.atomic === 'change'
  }

  #execution(id: string): Execution {
    const found = this.#history.executions.find((execution) => execution.id === id)
    if (found === undefined) throw new RangeError(`no execution ${id}`)
    return found
  }

  #decisionsOf(id: string): Decisions {
    return this.#decisions.of(this.#execution(id).store)
  }

  #of({ life, device }: Sent): { readonly execution: OfExecution; readonly onDevice: OnDevice } {
    const execution = this.#executions.get(life.execution)
    const onDevice = execution?.devices.get(device)
    if (execution === undefined || onDevice === undefined) throw new RangeError(`${device} of ${life.execution}`)
    return { execution, onDevice }
  }
}
