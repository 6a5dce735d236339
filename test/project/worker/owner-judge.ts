import { ownerRules } from '../../../simulate/checker/owner-rules.ts'
import type { History } from '../../../simulate/history.ts'
import { changes, requestOf } from '../../../simulate/verbs.ts'
import { Violation } from '../../../simulate/violation.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { WorkerRecord } from '../../../src/change/record/store/workers.ts'
import { Life } from '../../../src/lab/trial/trial-app.ts'
import { partOf } from '../../lab/part-of.ts'
import type { RequestLeft } from './machine.ts'
import { TAKES, type WriteFrom } from './senders.ts'

/** What the database says of a process that was declared dead. */
export interface Declared {
  /** When, milliseconds since the epoch. */
  readonly at: number
  /** How long it had given no sign of life by then, in milliseconds. */
  readonly silent: number
  readonly ttl: number
}

/** What one execution is judged by, as far as its owners are concerned. */
export interface OwnerEvidence {
  readonly id: string
  readonly events: readonly JournalEvent[]
  /** What was sent for it, and what its switch was sent. */
  readonly left: readonly RequestLeft[]
  readonly writes: readonly WriteFrom[]
  /** Those who were declared dead, by the names that their records have. */
  readonly declared: ReadonlyMap<string, Declared>
  /** The ids of all executions: whose commit timer a switch runs is known by them. */
  readonly executions: readonly string[]
}

/** So long a request may take from the line that judges its fence to the network of its machine, in milliseconds: all processes share two cores. */
const TO_THE_WIRE = 400

/** Who was declared dead, of these processes, which are known by their ids in the store. */
export function declaredOf(
  rows: readonly WorkerRecord[],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, Declared> {
  return new Map(
    rows.flatMap(({ id, dead, beat, ttl }) => {
      const name = names.get(id)
      if (name === undefined || dead === undefined) return []
      const at = Date.parse(dead)
      return [[name, { at, silent: at - Date.parse(beat), ttl }]]
    }),
  )
}

type Happening =
  | { readonly at: number; readonly event: JournalEvent }
  | { readonly at: number; readonly request: RequestLeft }
  | { readonly at: number; readonly write: WriteFrom }
  | { readonly at: number; readonly dead: string; readonly declared: Declared }

/** I32, I33, I35 to I37 and I43, by the rules that judge the simulation: owners are those whose records say so. */
export function wrongByOwners(evidence: OwnerEvidence) {
  const { id, declared, executions } = evidence
  const wrong: string[] = []
  const lives = new Map<string, Life>()
  const lifeOf = (name: string) => {
    const life = lives.get(name) ?? new Life(lives.size + 1, id)
    lives.set(name, life)
    return life
  }
  const dead = new Set<Life>()
  let now = 0
  let owner: Life | undefined
  let ownerName = ''
  /** Since when the sender of a request has not heard from the database. */
  let away: number | undefined
  let ttl = 0
  const history = {
    timeline: {
      get now() {
        return now
      },
    },
    executions: executions.map((one) => ({ id: one })),
    workers: {
      cluster: {
        ownerOf: () => (owner === undefined ? undefined : { life: owner }),
        death: { isDead: (life: Life) => dead.has(life) },
        awaySince: () => away,
        wasAway: () => false,
        get machines() {
          return { ttl }
        },
      },
    },
  }
  const rules = ownerRules(partOf<History>(history))
  const judged = (look: () => void) => {
    try {
      look()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      wrong.push(error.message)
    }
  }
  const recorded = (event: JournalEvent) => {
    const life = lifeOf(event.actor)
    if (TAKES.has(event.type)) {
      const before = owner
      const wasDeclared = declared.has(ownerName)
      if (event.type === 'ExecutionResumed' && event.ownerDied === true && before !== undefined && before !== life)
        judged(() => rules.takenOver?.(before, wasDeclared))
      owner = life
      ownerName = event.actor
    }
    if (event.type !== 'ExecutionStarted') judged(() => rules.appended?.(life, [event]))
  }
  const sent = ({ worker, device, commands, at, silent, ttl: own }: RequestLeft) => {
    const request = requestOf(commands)
    if (!changes(request)) return
    ttl = own
    away = at - Math.max(0, silent - TO_THE_WIRE)
    judged(() =>
      rules.sent?.({ life: lifeOf(worker), device, request, commands, connected: undefined, openedAt: at, at }),
    )
    away = undefined
  }
  const arrived = ({ worker = 'nobody', device, commands, timer, at }: WriteFrom) => {
    const request = requestOf(commands)
    const one = { life: lifeOf(worker), device, request, commands, connected: undefined, openedAt: at, at }
    const box = partOf<Parameters<NonNullable<typeof rules.arrives>>[1]>({ name: device, armed: timer })
    judged(() => rules.arrives?.(one, box))
    judged(() => rules.carriedOut?.(one, box, true))
  }
  for (const happening of inOrder(evidence)) {
    now = happening.at
    if ('event' in happening) recorded(happening.event)
    else if ('request' in happening) sent(happening.request)
    else if ('write' in happening) arrived(happening.write)
    else {
      const life = lifeOf(happening.dead)
      dead.add(life)
      judged(() => rules.declaredDead?.(life, happening.declared.silent, happening.declared.ttl))
    }
  }
  return wrong
}

/** Records come before what was sent in the same millisecond: they have the time at which they were asked for. */
function inOrder({ events, left, writes, declared }: OwnerEvidence) {
  const known = new Set(events.map(({ actor }) => actor))
  const deaths = [...declared].filter(([name]) => known.has(name))
  const all: readonly Happening[] = [
    ...events.map((event) => ({ at: Date.parse(event.at), event })),
    ...deaths.map(([dead, one]) => ({ at: one.at, dead, declared: one })),
    ...left.map((request) => ({ at: request.at, request })),
    ...writes.map((write) => ({ at: write.at, write })),
  ]
  return all.toSorted((a, b) => a.at - b.at)
}
