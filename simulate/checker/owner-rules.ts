import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { sessionPrefix } from '../../src/change/task/act/act.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import { longestAge } from '../../src/model/fence.ts'
import type { History } from '../history.ts'
import type { Cluster } from '../many/cluster.ts'
import { changes, type Request, type Verb } from '../verbs.ts'
import { Violation } from '../violation.ts'
import type { Sent, Watch } from '../watch.ts'
import { ANSWER_TIMEOUT } from '../wire.ts'
import { keyOf } from './journal-rules.ts'

/** What leads a change on. */
const FORWARD: ReadonlySet<Verb> = new Set(['stage', 'arm', 'confirm'])
/** Sent without a fence: it names a session that only one execution has made, and its intent was on record when it was sent. */
const UNFENCED: ReadonlySet<Verb> = new Set(['abort', 'release'])
/** How long what leads on may have waited for a store, and how long its last question and its connection may take, in milliseconds. */
const LONGEST_WAIT = 60_000 + 25_000

/**
 * I32, I33, I35 to I40 and I43, of executions that are driven from many machines: whose word a request is sent on, and what is done while the store is
 * away. That a process sends nothing behind one that has taken over is I15; I34 judges it where it arrives. Owners are those of the database, who knows them by its own time.
 */
export function ownerRules(history: History): Watch {
  /** By execution, switch and act: who has put its intent on record. */
  const intents = new Map<string, Life>()
  /** By life, switch and act: since when it has been announcing. */
  const announced = new Map<string, number>()
  /** When a word to stop was put on record, by execution. */
  const words = new Map<string, number>()
  /** When each process began. */
  const begun = new Map<Life, number>()
  const replaced = new Set<Life>()
  /** Who has gone on with its execution. */
  const driving = new Set<Life>()
  /** By life, execution, switch and act: everything that was ever announced. */
  const everAnnounced = new Set<string>()
  /** The executions that are being put back. */
  const undoing = new Set<string>()

  const { timeline } = history
  /** It is there when the first thing happens. */
  const clusterNow = (): Cluster => {
    const { workers } = history
    if (workers === undefined) throw new RangeError('there is one machine')
    return workers.cluster
  }

  function see(event: JournalEvent, life: Life | undefined): void {
    const { execution = '' } = event
    if (event.type === 'StopRequested') words.set(event.stopped, timeline.now)
    if (event.type === 'ExecutionRedriven') words.delete(execution)
    if (event.type === 'ExecutionRedriven') undoing.delete(execution)
    if (event.type === 'CompensationStarted' || event.type === 'UndoStarted') undoing.add(execution)
    if (life !== undefined) seeOwn(event, execution, life)
  }

  /** Whatever was intended and has no outcome is unknown from here on. */
  function forget(execution: string): void {
    for (const key of intents.keys()) if (key.startsWith(execution)) intents.delete(key)
  }

  /** I33 */
  function seeOwn(event: JournalEvent, execution: string, life: Life): void {
    if (!begun.has(life)) begun.set(life, timeline.now)
    if (event.type === 'ExecutionResumed') forget(execution)
    const cluster = clusterNow()
    const owner = cluster.ownerOf(execution)
    const isTaken = owner !== undefined && owner.life !== life
    if (isTaken || cluster.death.isDead(life))
      throw new Violation('I33', `controller ${life.number} writes ${event.type}, and was declared dead or taken over`)
    if (event.type !== 'ExecutionResumed' && event.type !== 'ExecutionRedriven') driving.add(life)
    if (event.type !== 'ActIntended') return
    everAnnounced.add(`${life.number} ${execution} ${event.device} ${keyOf(event.act, event.session)}`)
    intents.set(`${execution} ${event.device} ${keyOf(event.act, event.session)}`, life)
    requireNoWord(event.act, execution, life)
  }

  /** I39 */
  function requireNoWord(act: string, execution: string, life: Life): void {
    const word = words.get(execution)
    if (act !== 'arm' || word === undefined || (begun.get(life) ?? 0) < word) return
    throw new Violation('I39', `${execution}: a timed commit is announced by who has taken over behind a word to stop`)
  }

  /** I32 */
  function requireOwn({ life, device, request }: Sent): void {
    const { verb } = request
    const what = `${device}: ${verb} is sent by controller ${life.number}`
    const own = `${life.execution} ${device}`
    const by = intents.get(`${own} ${intentOf(request, (key) => intents.has(`${own} ${key}`))}`)
    if (UNFENCED.has(verb) && !everAnnounced.has(`${life.number} ${own} ${keyOf(verb, request.session)}`))
      throw new Violation('I32', `${what}, and it has never announced it`)
    if (UNFENCED.has(verb)) return
    if (by !== life) throw new Violation('I32', `${what}, and its intent was not committed by it`)
    requireInTime({ life, device, request }, what)
  }

  /** I36 and I38 */
  function requireInTime(
    { life, device, request: { verb } }: Pick<Sent, 'life' | 'device' | 'request'>,
    what: string,
  ): void {
    const cluster = clusterNow()
    const away = cluster.awaySince(life)
    if (away !== undefined && timeline.now - away > longestAge(cluster.machines.ttl))
      throw new Violation('I36', `${what}, and it has not reached the store for ${(timeline.now - away) / 1000} s`)
    const since = announced.get(`${life.number} ${device} ${verb}`)
    if (FORWARD.has(verb) && since !== undefined && timeline.now - since > LONGEST_WAIT && cluster.wasAway(life, since))
      throw new Violation('I38', `${what} ${(timeline.now - since) / 1000} s after it was announced`)
  }

  return {
    appending: (life, events) => {
      for (const event of events) announce(announced, life, event, timeline.now)
    },
    appended: (life, events) => {
      for (const event of events) see(event, life)
    },
    sent: (sent) => {
      if (changes(sent.request) && sent.request.verb !== 'plan') requireOwn(sent)
    },
    arrives: ({ life, request: { verb, session } }, box) => {
      if (verb === 'abort' && box.armed === session && !undoing.has(life.execution))
        throw new Violation('I43', `${box.name}: what is armed is aborted, and nothing is being put back`)
    },
    carriedOut: ({ life, request: { verb }, at, device }, box, ok) => {
      const { armed } = box
      if (!ok || verb !== 'save' || armed === undefined || timeline.now - at >= ANSWER_TIMEOUT) return
      const isOwn = armed.startsWith(sessionPrefix(life.execution))
      if (!isOwn && history.executions.some(({ id }) => armed.startsWith(sessionPrefix(id))))
        throw new Violation('I35', `${device}: saved while the commit timer of another execution runs`)
    },
    declaredDead: (life, silent, ttl) => {
      replaced.add(life)
      if (silent <= ttl)
        throw new Violation('I37', `controller ${life.number} is declared dead after ${silent / 1000} s`)
    },
    takenOver: (from, isDead) => {
      replaced.add(from)
      if (!isDead) throw new Violation('I37', `controller ${from.number} is taken over, and was not declared dead`)
    },
    gaveUp: (life, { kind, device, message }) => {
      // Who has put nothing on record but its name was refused at the door.
      if (!driving.has(life) || replaced.has(life) || (kind !== 'busy' && kind !== 'store')) return
      if (kind === 'busy' && device !== undefined) return
      throw new Violation('I40', `controller ${life.number} gives up, and nobody has taken over: ${message}`)
    },
  }
}

function announce(announced: Map<string, number>, life: Life, event: EventBody, now: number): void {
  if (event.type === 'ActIntended') announced.set(`${life.number} ${event.device} ${event.act}`, now)
}

/** The intent that a request needs: a commit is one, whatever timer it is sent with. */
function intentOf({ verb, session }: Request, has: (key: string) => boolean): string {
  const key = keyOf(verb, session)
  return verb === 'confirm' && !has(key) ? keyOf('arm', session) : key
}
