import { ownerRules } from '../../simulate/checker/owner-rules.ts'
import type { History } from '../../simulate/history.ts'
import { changes, requestOf } from '../../simulate/verbs.ts'
import { Violation } from '../../simulate/violation.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { sessionPrefix } from '../../src/task/session-name.ts'
import { Life } from '../../src/trial/life.ts'
import type { Truth, WriteSeen } from './fabric-process.ts'
import type { RequestLeft } from './machine.ts'

/** What one execution was to do, and when somebody answered what it waited for. */
export interface Asked {
  readonly device: string
  readonly vlan: number
  /** When its plan was approved, milliseconds since the epoch. */
  readonly approved: readonly number[]
}

/** A worker, by the name that its records have, has said that it drives an execution. */
export interface Taken {
  readonly worker: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Everything by which executions are judged: their records, and what the machines and the switches have seen without asking anybody. */
export interface Evidence {
  readonly asked: ReadonlyMap<string, Asked>
  readonly records: ReadonlyMap<string, readonly JournalEvent[]>
  /** What has left the machines of the workers. */
  readonly left: readonly RequestLeft[]
  /** What the switches were sent, and how they are now. */
  readonly writes: readonly WriteSeen[]
  readonly switches: Readonly<Record<string, Truth>>
  /** When each worker ended, by the name that its records have, milliseconds since the epoch. */
  readonly deaths: ReadonlyMap<string, number>
  /** Which workers have said that they drive an execution. */
  readonly taken: ReadonlyMap<string, readonly Taken[]>
  /**
   * For how long at most an execution may have something to do and no new record, in milliseconds: while its owner lives, and again from the death of its owner on, and of each worker
   * that takes it and dies.
   */
  readonly longest: number
}

/** What was found, and how much was looked at. */
export interface Judgement {
  /** In words, each with the number of its invariant (docs/simulation.md) where it has one. */
  readonly wrong: readonly string[]
  readonly outcomes: Readonly<Record<string, number>>
  /** Why executions have not ended well. */
  readonly reasons: Readonly<Record<string, number>>
  /** Requests that were judged: by their senders, and by the switches. */
  readonly requests: { readonly left: number; readonly seen: number }
  /** The longest times for which executions had something to do and no new record, in milliseconds. */
  readonly gaps: readonly number[]
}

/** Judges executions of one switch each, by the rules of the simulation for owners and by what is true on the switches. */
export function judge(evidence: Evidence): Judgement {
  const { asked, records, left, writes, switches, deaths, taken, longest } = evidence
  const wrong: string[] = []
  const outcomes: Record<string, number> = {}
  const reasons: Record<string, number> = {}
  const gaps: number[] = []
  const whose = attribution(evidence)
  const leftOf = new Map<string, RequestLeft[]>()
  for (const request of left) leftOf.set(whose(request), [...(leftOf.get(whose(request)) ?? []), request])
  for (const [id, one] of asked) {
    const events = records.get(id) ?? []
    wrong.push(...ownersOf(id, events, leftOf.get(id) ?? []).map((words) => `${words} (${id})`))
    const { gap, words } = longestGap(events, one.approved, deaths, taken.get(id))
    gaps.push(gap)
    if (gap > longest) wrong.push(`${id} has had something to do and no new record for ${gap} ms: ${words}`)
    const last = events.at(-1)
    if (last?.type === 'ExecutionEnded') {
      outcomes[last.outcome] = (outcomes[last.outcome] ?? 0) + 1
      const because = last.error?.message.replaceAll(one.device, 'a switch').replaceAll(/\b\d{5}\b/g, 'N')
      if (because !== undefined) reasons[because] = (reasons[because] ?? 0) + 1
    }
    wrong.push(...endOf(id, one, last, switches))
  }
  for (const one of left.filter((request) => !asked.has(whose(request))))
    wrong.push(`${one.worker} sends to ${one.device} for nobody: ${one.commands.join('; ')}`)
  wrong.push(...lateAt(evidence, writes, whose))
  wrong.push(...Object.entries(switches).flatMap(leftOn))
  return { wrong, outcomes, reasons, requests: { left: left.length, seen: writes.length }, gaps }
}

/** Nothing may be left on a switch when all is over. */
function leftOn([name, { isArmed, open }]: readonly [string, Truth]): readonly string[] {
  const sessions = open.map((session) => `I21: session ${session} is open on ${name}`)
  return isArmed ? [`I9: a commit timer runs on ${name}`, ...sessions] : sessions
}

/** An end must be there, and be true on the switch. */
function endOf(
  id: string,
  { device, vlan }: Asked,
  last: JournalEvent | undefined,
  switches: Evidence['switches'],
): readonly string[] {
  if (last?.type !== 'ExecutionEnded') return [`I9: ${id} has no end: ${last?.type ?? 'no record'}`]
  const found = switches[device]
  const end = last.devices[device]
  const isChanged = end === 'changed'
  return [
    ...((last.outcome === 'succeeded') === isChanged ? [] : [`I7: ${id} ${last.outcome}, ${device} ${end}`]),
    ...(end === 'unknown' || found === undefined ? [] : untrue(id, last.outcome, isChanged, vlan, found)),
  ]
}

/** What the record says must be what the switch runs and boots. */
function untrue(
  id: string,
  outcome: string,
  isIn: boolean,
  vlan: number,
  { running, startup }: Truth,
): readonly string[] {
  const [runs, boots] = [running, startup].map((text) => text.split('\n').includes(`vlan ${vlan}`))
  if (runs === isIn && boots === isIn) return []
  return [`I8: ${id} ${outcome}: the switch runs it: ${runs}, boots it: ${boots}`]
}

type Sent = Pick<RequestLeft, 'device' | 'at' | 'commands'>

/** The execution that a request is of: by the name of its session, or by what its switch was last begun to be changed for. */
function attribution({ asked, records }: Evidence): (request: Sent) => string {
  const byPrefix = new Map([...asked.keys()].map((id) => [sessionPrefix(id), id]))
  const byDevice = new Map<string, { readonly id: string; readonly from: number }[]>()
  for (const [id, { device }] of asked) {
    const from = timeOf(records.get(id)?.[0])
    byDevice.set(
      device,
      [...(byDevice.get(device) ?? []), { id, from }].toSorted((a, b) => a.from - b.from),
    )
  }
  return ({ device, at, commands }) => {
    const named = /eosflow-[0-9a-f]{8}-/.exec(commands.join('\n'))?.[0]
    if (named !== undefined) return byPrefix.get(named) ?? ''
    return byDevice.get(device)?.findLast(({ from }) => from <= at)?.id ?? ''
  }
}

/** What reached a switch behind the end of its execution. */
function lateAt({ records }: Evidence, writes: readonly WriteSeen[], whose: (request: Sent) => string): string[] {
  return writes.flatMap((write) => {
    const last = records.get(whose(write))?.at(-1)
    if (last?.type !== 'ExecutionEnded' || write.at <= timeOf(last)) return []
    return [`late: ${write.device} is sent ${write.commands.join('; ')}, ${write.at - timeOf(last)} ms behind the end`]
  })
}

/** I32 to I34, by the rules that judge the simulation: owners are those whose records say so. */
function ownersOf(id: string, events: readonly JournalEvent[], left: readonly RequestLeft[]): readonly string[] {
  const wrong: string[] = []
  const lives = new Map<string, Life>()
  const lifeOf = (name: string): Life => {
    const life = lives.get(name) ?? new Life(lives.size + 1, id)
    lives.set(name, life)
    return life
  }
  let now = 0
  let owner: Life | undefined
  const history = {
    timeline: {
      get now() {
        return now
      },
    },
    executions: [{ id }],
    workers: {
      cluster: {
        ownerOf: () => (owner === undefined ? undefined : { life: owner }),
        death: { isDead: () => false },
        awaySince: () => undefined,
        wasAway: () => false,
        machines: { ttl: 0 },
      },
    },
  }
  const rules = ownerRules(history as unknown as History)
  const judged = (look: () => void): void => {
    try {
      look()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      wrong.push(error.message)
    }
  }
  for (const { at, event, request } of inOrder(events, left)) {
    now = at
    if (event !== undefined) {
      const life = lifeOf(event.actor)
      if (TAKES.has(event.type)) owner = life
      if (event.type !== 'ExecutionStarted') judged(() => rules.appended?.(life, [event]))
    }
    if (request === undefined) continue
    const { worker, device, commands } = request
    const known = requestOf(commands)
    const sent = { life: lifeOf(worker), device, request: known, commands, connected: undefined, openedAt: at, at }
    if (changes(known)) judged(() => rules.sent?.(sent))
  }
  return wrong
}

const TAKES: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionResumed', 'ExecutionRedriven'])

/** Records come before what was sent in the same millisecond: they have the time at which they were asked for. */
function inOrder(events: readonly JournalEvent[], left: readonly RequestLeft[]) {
  return [
    ...events.map((event) => ({ at: timeOf(event), event, request: undefined })),
    ...left.map((request) => ({ at: request.at, event: undefined, request })),
  ].toSorted((a, b) => a.at - b.at)
}

/**
 * The longest time between two records in which nobody was waited for: from a question on, it counts from its answer, and it counts anew from the death of the owner, and from the
 * taking and the death of each worker that takes what nobody drives and dies before its first record. One that takes it and lives does not count: nobody would be seen who takes it again and again.
 */
function longestGap(
  events: readonly JournalEvent[],
  approved: readonly number[],
  deaths: Evidence['deaths'],
  taken: readonly Taken[] = [],
) {
  let longest = { gap: 0, words: '' }
  let owner = ''
  for (const [index, next] of events.entries()) {
    const before = events[index - 1]
    if (before?.actor.startsWith('worker:')) owner = before.actor
    // A person was waited for.
    if (before === undefined || (next.type === 'ExecutionResumed' && next.byItself !== true && index > 1)) continue
    const [from, to] = [timeOf(before), timeOf(next)]
    const begun = approved.findLast((at) => at >= from && at <= to) ?? from
    const died = deaths.get(owner) ?? Number.POSITIVE_INFINITY
    // Who takes what its owner still drives finds nothing to do.
    const free = before.actor === owner && before.type !== 'TaskWaiting' ? died : begun
    const takings = taken.map(({ worker, at }) => [at, deaths.get(worker) ?? Number.POSITIVE_INFINITY] as const)
    const inVain = takings.filter(([at, end]) => at > free && at < end && end < to)
    const signs = [died, ...inVain.flat()].filter((at) => at > begun && at < to)
    const points = [begun, ...signs.toSorted((a, b) => a - b), to]
    const gap = Math.max(...points.slice(1).map((at, place) => at - (points[place] ?? at)))
    const words = `from ${before.type} of ${before.actor} at ${before.at} to ${next.type} of ${next.actor}`
    if (gap > longest.gap) longest = { gap, words }
  }
  return longest
}

function timeOf(event: JournalEvent | undefined): number {
  return event === undefined ? 0 : Date.parse(event.at)
}
