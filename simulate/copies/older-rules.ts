import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { checkpointName } from '../../src/change/task/act/act.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import { type Box, readingOfTree } from '../box.ts'
import { type Decisions, decide, requireApproved, useApproval } from '../checker/decisions.ts'
import { newOfExecution, type OfExecution } from '../checker/record.ts'
import type { ControllerStore } from '../controller-store.ts'
import { LINES, type Part } from '../device-texts.ts'
import type { History } from '../history.ts'
import type { OlderTerms } from '../scenario.ts'
import { Violation } from '../violation.ts'
import type { Heard, Sent, Watch } from '../watch.ts'
import { FIRST_LIFE } from './older-terms.ts'

/** What the older record says of a switch, and what whoever goes on with it has seen of that. */
interface Known {
  /** The config sessions that it announces, and those of them whose timed commit it does. */
  readonly announced: Set<string>
  readonly committed: Set<string>
  hasSaved: boolean
  /** How much of the change ran when whoever goes on has planned it anew. Absent: the first record has planned it, upon nothing of it. */
  planned: Part | undefined
  /** What the switch showed of the execution, when its staging was announced, that is on no record. */
  shown: readonly string[]
  /** Whether a timed commit that whoever goes on has sent took effect, and whether it was verified behind that. */
  isArmed: boolean
  isVerified: boolean
  /** Whether the switch was read, and how often somebody had moved it by then. */
  readAt: number | undefined
  /** Whether its last request had no answer, and whether the older record itself has its end. */
  isSilent: boolean
  isOver: boolean
  /** Whether the older record says that the plan is not for it, because it gave no answer. */
  isLeftOut: boolean
}

/**
 * Holds whoever goes on with an older record to what the switches are (I49 to I52). The first record is not known to it: what that has done, the
 * switches show or nobody does.
 */
export class OlderRules implements Watch {
  readonly #history: History
  readonly #terms: OlderTerms
  readonly #decisions: Decisions = { statements: [], uses: new Map(), highestWall: 0 }
  readonly #known = new Map<string, Known>()
  /** How often somebody or a timer has moved each switch. */
  readonly #moved = new Map<Box, number>()
  /** How often a timed commit of the first record has taken effect on a switch. */
  readonly #commits = new Map<string, number>()
  /** The switches whose checkpoint of the execution is a copy of the configuration before. */
  readonly #kept = new Set<Box>()
  /** The execution of the older record, once that is gone on with. */
  #execution: OfExecution | undefined

  constructor(history: History, terms: OlderTerms) {
    this.#history = history
    this.#terms = terms
  }

  /** The first record is done, and the older one is gone on with. Undefined: there is none. */
  async begin(store: ControllerStore | undefined): Promise<void> {
    const [main] = this.#history.executions
    if (store === undefined || main === undefined) return
    const events = await eventsOf(store)
    const begun = events.find((event) => event.type === 'ExecutionStarted' && event.execution === main.id)
    if (begun?.type !== 'ExecutionStarted') throw new RangeError(`the older record of ${main.id} does not begin`)
    const boxes = [...this.#history.world.boxes.values()]
    for (const { name } of boxes) this.#known.set(name, nothingKnown())
    const execution = newOfExecution(main.id, begun, 'main')
    for (const event of events) this.#fold(event, execution)
    for (const known of this.#known.values()) known.isVerified = false
    this.#execution = execution
    for (const box of boxes) if (this.#checkpointOf(box, execution) === 'none') this.#kept.add(box)
  }

  /** I52 too when everything has come to rest: no session of the execution is left that it has opened. */
  requireQuiet(): void {
    for (const box of this.#execution === undefined ? [] : this.#history.world.boxes.values()) {
      box.device.settle()
      this.#requireSafe(box)
    }
  }

  appending(life: Life, events: readonly EventBody[]): void {
    const isOver =
      this.#execution !== undefined && events.some((one) => one.type === 'ActIntended' && one.act === 'arm')
    if (isOver && this.#execution !== undefined)
      requireApproved(this.#execution, this.#decisions, this.#history.wallOf(life))
  }

  appended(_life: Life | undefined, events: readonly JournalEvent[]): void {
    const execution = this.#execution
    if (execution === undefined) return
    for (const event of events) {
      this.#look(event)
      this.#judge(event)
      this.#fold(event, execution)
    }
  }

  /** I51: where the switch shows that the other record has gone on with the execution, nothing is committed. */
  arrives({ life, request: { verb } }: Sent, box: Box): void {
    const [trace] =
      verb === 'arm' && life.number >= FIRST_LIFE ? [...this.#knownOf(box).shown, ...this.#tracesOf(box)] : []
    if (trace === undefined) return
    throw new Violation('I51', `${box.name}: a timed commit, and the switch showed ${trace}, which is on no record`)
  }

  carriedOut({ life, request: { verb } }: Sent, box: Box, ok: boolean): void {
    const execution = this.#execution
    if (execution === undefined || life.number < FIRST_LIFE) {
      if (ok && verb === 'arm') this.#countLost(life, box)
      return
    }
    const known = this.#knownOf(box)
    if (ok && verb === 'arm') known.isArmed = true
    if (ok && verb === 'plan') known.planned = box.running.main
    if (verb === 'read' || verb === 'save') known.readAt = this.#movesOf(box)
    this.#requireSafe(box)
    // I50: the copy of the configuration before is never saved over.
    const kept = this.#kept.has(box) ? this.#checkpointOf(box, execution) : undefined
    if (kept !== undefined && kept !== 'none')
      throw new Violation('I50', `${box.name}: the checkpoint from before the change holds ${kept} of it`)
  }

  /** Of a timed commit of the first record behind the copy the older one knows nothing. */
  #countLost({ execution }: Life, { name }: Box): void {
    const { copying, executions } = this.#history
    if (copying.store !== undefined && execution === executions[0]?.id)
      this.#commits.set(name, (this.#commits.get(name) ?? 0) + 1)
  }

  heard({ life, device }: Sent, how: Heard): void {
    const known = life.number < FIRST_LIFE ? undefined : this.#known.get(device)
    if (known !== undefined) known.isSilent = how === 'lost' || how === 'unreachable'
  }

  moved(box: Box): void {
    this.#moved.set(box, (this.#moved.get(box) ?? 0) + 1)
    if (this.#execution !== undefined) this.#requireSafe(box)
  }

  #knownOf({ name }: Box): Known {
    return this.#known.get(name) ?? nothingKnown()
  }

  #movesOf(box: Box): number {
    return (this.#moved.get(box) ?? 0) + box.device.hands.length
  }

  #checkpointOf(box: Box, { id }: OfExecution): Part | undefined {
    const found = box.device.config.checkpoints.get(checkpointName(id))
    return found === undefined ? undefined : readingOfTree(found.tree).main
  }

  /** I52: what whoever goes on has committed runs under its timer, or was verified. */
  #requireSafe(box: Box): void {
    const { isArmed, isVerified } = this.#knownOf(box)
    if (!isArmed || isVerified || box.running.main === 'none' || isTyped(box)) return
    if (box.armed?.startsWith(this.#execution?.prefix ?? '') === true) return
    throw new Violation('I52', `${box.name}: the change runs without a commit timer, and was not verified`)
  }

  /** What a switch shows of the execution that the older record does not announce. */
  #tracesOf(box: Box): readonly string[] {
    const known = this.#knownOf(box)
    const execution = this.#execution
    if (execution === undefined) return []
    const sessions = box.device.sessions.all().flatMap(({ name, state }) => {
      if (!name.startsWith(execution.prefix)) return []
      const isCommitted = state === 'completed' || state === 'armed'
      return known.announced.has(name) && (!isCommitted || known.committed.has(name)) ? [] : [`${name} ${state}`]
    })
    const isUnannounced = !known.hasSaved && this.#checkpointOf(box, execution) !== undefined
    return [...sessions, ...(isUnannounced ? [checkpointName(execution.id)] : [])]
  }

  #fold(event: JournalEvent, execution: OfExecution): void {
    const { statements } = this.#decisions
    if (event.type === 'ApprovalDecided') decide(this.#decisions, event)
    // Approvals from before count no more; a rejection does.
    if (event.type === 'StoreRestored')
      statements.splice(0, statements.length, ...statements.filter(({ decision }) => decision === 'reject'))
    if (event.execution !== execution.id) return
    if (event.type === 'ApprovalUsed') useApproval(this.#decisions, event.nonce, execution)
    if (event.type === 'PlanMade') execution.digest = event.digest
    if (event.type === 'ExecutionRedriven') this.#commits.clear()
    if (event.type === 'ExecutionRedriven')
      for (const each of this.#known.values()) [each.isArmed, each.isVerified, each.isOver] = [false, false, false]
    const known = 'device' in event ? this.#known.get(event.device ?? '') : undefined
    if (known !== undefined) foldOfSwitch(known, event)
  }

  /** What a switch shows when a staging is announced: from then on its checkpoint is announced too. */
  #look(event: JournalEvent): void {
    if (event.type !== 'ActIntended' || event.act !== 'stage' || event.checkpoint === undefined) return
    const box = this.#history.world.box(event.device)
    this.#knownOf(box).shown = this.#tracesOf(box)
  }

  #judge(event: JournalEvent): void {
    if (event.type === 'UndoFinished') this.#requireTrue(event.device, event.end)
    if (event.type === 'ExecutionEnded')
      for (const [name, end] of Object.entries(event.devices)) this.#requireTrue(name, end)
  }

  /** I49: an end that is said is where the switch is. */
  #requireTrue(name: string, end: string): void {
    const box = this.#history.world.box(name)
    const known = this.#knownOf(box)
    // What gives no answer is untouched by its record, and the report says so.
    if (end === 'untouched' && (known.isLeftOut || (known.isSilent && this.#terms.way === 'copied'))) return
    // Nobody knows what was done behind the reading; what no switch was asked about must be true of itself.
    const isAsked = known.readAt !== undefined || known.isSilent || known.isOver || end !== 'untouched'
    if (isAsked && known.readAt !== this.#movesOf(box)) return
    const fault = end === 'changed' ? unmade(box) : end === 'unknown' ? undefined : this.#left(box, end, known)
    if (fault !== undefined) throw new Violation('I49', `${name}: ${end}, and ${fault}`)
  }

  /** A part of the change behind a reboot, where this record has saved the checkpoint: nothing shows whose it is (docs/copies.md). */
  #isNobodys(box: Box, { hasSaved }: Known): boolean {
    const isPart = box.running.main === 'some' && hasSaved && this.#terms.way === 'copied'
    return isPart && this.#tracesOf(box).length === 0
  }

  /** What is left of the change on a switch that is said to be without it; undefined: nothing. */
  #left(box: Box, end: string, known: Known): string | undefined {
    const { running, startup } = box
    // Before there is a plan nobody knows whose lines they are.
    const isUnplanned = isTyped(box) && this.#execution?.digest === undefined
    if (isUnplanned || (end === 'untouched' && this.#isNobodys(box, known))) return undefined
    const base = known.planned ?? 'none'
    const isMore = running.main !== base && running.main !== 'none'
    if (isMore && (running.main === 'all' || !isTyped(box))) return `${running.main} of the change runs`
    if (startup.main !== 'none' && base === 'none' && !isTyped(box))
      return `startup-config holds ${startup.main} of the change`
    return end === 'untouched' ? this.#touchedBy(box, known) : undefined
  }

  /** What somebody has done with a switch that is said to be untouched; undefined: nothing that shows. */
  #touchedBy(box: Box, known: Known): string | undefined {
    if (known.isArmed) return 'a timed commit took effect'
    const [trace] = this.#tracesOf(box)
    if (trace !== undefined) return `it shows ${trace}, which is on no record`
    const isLost = this.#terms.way === 'restored' && (this.#commits.get(box.name) ?? 0) > 0
    return isLost ? 'the records that are lost have committed to it' : undefined
  }
}

function unmade({ running, startup }: Box): string | undefined {
  if (running.main !== 'all') return `${running.main} of the change runs`
  return startup.main === 'all' ? undefined : `startup-config holds ${startup.main} of the change`
}

/** Whether somebody has typed lines of the change. */
function isTyped({ device }: Box): boolean {
  return device.hands.some(({ hand }) => 'lines' in hand && hand.lines.includes(LINES.main[0] ?? ''))
}

function foldOfSwitch(known: Known, event: JournalEvent): void {
  if (event.type === 'TaskSucceeded' && event.state === 'Verify') known.isVerified = true
  if (event.type === 'UndoFinished') known.isOver = true
  if (event.type === 'DeviceLeftOut') known.isLeftOut = true
  if (event.type !== 'ActIntended') return
  known.announced.add(event.session)
  if (event.act === 'stage' && event.checkpoint !== undefined) known.hasSaved = true
  if (event.act === 'arm') known.committed.add(event.session)
}

const nothingKnown = (): Known => ({
  announced: new Set(),
  committed: new Set(),
  hasSaved: false,
  planned: undefined,
  shown: [],
  isArmed: false,
  isVerified: false,
  readAt: undefined,
  isSilent: false,
  isOver: false,
  isLeftOut: false,
})

async function eventsOf(store: ControllerStore): Promise<readonly JournalEvent[]> {
  const all: JournalEvent[] = []
  for (
    let tail = await store.tail(cursorBehind(undefined));
    tail.events.length > 0;
    tail = await store.tail(tail.cursor)
  )
    all.push(...tail.events)
  return all
}
