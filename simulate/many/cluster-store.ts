import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import {
  type AppendCondition,
  type Journal,
  OutageError,
  type RepeatedWrite,
  type WriteInDoubt,
} from '../../src/change/record/store/journal.ts'
import type { Leases } from '../../src/change/record/store/lease.ts'
import { type QuestionWrapper, questionsOf } from '../../src/change/record/store/questions.ts'
import type { Actor, Store } from '../../src/change/record/store/store.ts'
import type { Clock } from '../../src/model/clock.ts'
import { sha256 } from '../../src/model/digest.ts'
import { EosflowError } from '../../src/model/error.ts'
import { fenceOf, longestAge } from '../../src/model/fence.ts'
import type { ControllerStore, Opening } from '../controller-store.ts'
import type { Cluster, Sending } from './cluster.ts'

/** What a write is, byte for byte. */
interface Bytes extends WriteInDoubt {
  readonly at: number
}

/** The store as a person's command has it: whom nothing befalls, and who drives nothing. */
export async function clusterStore(cluster: Cluster, clock: Clock): Promise<ControllerStore> {
  await cluster.create()
  return personsStore(cluster, clock)
}

function personsStore(cluster: Cluster, clock: Clock): ControllerStore {
  const store = cluster.opened(clock)
  return {
    ...handleOf(store, (ask) => ask, {
      append: async (actor, execution, events, after) => {
        const hash = sha256(JSON.stringify([execution, events, cluster.newestOfAll]))
        const write = (): Promise<readonly JournalEvent[]> => store.as(actor).append(execution, events, after)
        return cluster.commit(undefined, { execution, events, hash, write })
      },
      fence: (execution, device) => store.fence(execution, device),
      listens: () => true,
    }),
    opened: () => personsStore(cluster, clock),
    joined: (opening) => joinedStore(cluster, opening),
  }
}

/** The store as a worker has it: behind a network on which everything can go wrong. */
function joinedStore(cluster: Cluster, { life, clock, committed }: Opening): Store & Leases {
  const { timeline, machines, flaws } = cluster
  let stamp: number | undefined
  const inner = cluster.opened({ ...clock, now: () => stamp ?? clock.now() })
  const sent = new Map<string, Bytes>()
  /** Whether it runs its execution: it hears of words as of a notice then. Where it has come to rest it looks for itself. */
  let runs = false
  cluster.death.begin(life)

  const there = async (doubt?: WriteInDoubt): Promise<void> => {
    await cluster.travel()
    if (!cluster.isAway(life)) return
    await cluster.silence()
    throw new OutageError('the store cannot be reached', doubt === undefined ? {} : { doubt })
  }
  const lost = async (doubt: WriteInDoubt): Promise<never> => {
    await cluster.silence()
    cluster.doubt(life)
    throw new OutageError('the connection to the store broke off in the middle of a write', { doubt })
  }
  const ask: QuestionWrapper =
    (question) =>
    async (...given) => {
      await there()
      const answer = await question(...given)
      await there()
      return answer
    }
  const bytesOf = (execution: string, events: readonly EventBody[], after: number): Bytes => {
    const at = clock.now()
    const bytes = { at, after, hash: sha256(JSON.stringify([life.number, execution, after, at, events])) }
    sent.set(bytes.hash, bytes)
    return bytes
  }
  const commit = async (actor: Actor, sending: Omit<Sending, 'write'>, at: number, after: After): Promise<Written> => {
    const write = (): Promise<Written> => {
      stamp = at
      try {
        // It is written before there is an answer: nobody else has a turn meanwhile.
        return inner.as(actor).append(sending.execution, sending.events, after)
      } finally {
        stamp = undefined
      }
    }
    const written = await cluster.commit(life, { ...sending, write })
    committed(written)
    return written
  }
  /** What was refused may be there: what was sent first has arrived meanwhile. */
  const commitOrFind = async (...given: Parameters<typeof commit>): Promise<Written> => {
    const [, { execution = '', hash }] = given
    try {
      return await commit(...given)
    } catch (error) {
      if (cluster.newest(execution).hash !== hash) throw error
      cluster.meet('found its own write')
      return cluster.recordsOf(hash)
    }
  }
  /** What became of a write that is settled; undefined where it is to be sent again. */
  const settled = (execution: string, { write, ifLost }: RepeatedWrite): Written | undefined => {
    const became = becameOf(write, cluster.newest(execution))
    if (became === 'mine') {
      cluster.meet('found its own write')
      return cluster.recordsOf(write.hash)
    }
    if (became === 'other') throw new EosflowError('busy', `execution ${execution} was continued by another process`)
    return ifLost === 'leave' ? [] : undefined
  }
  const send = async (actor: Actor, sending: Omit<Sending, 'write'>, bytes: Bytes, after: After): Promise<Written> => {
    const { at } = bytes
    switch (cluster.fate()) {
      case 'commit lost':
        return lost(bytes)
      case 'answer of a commit lost':
        await commitOrFind(actor, sending, at, after).catch(() => undefined)
        return lost(bytes)
      case 'commit late':
        timeline.after(cluster.lateness(), () => void commit(actor, sending, at, after).catch(() => undefined))
        return lost(bytes)
      default:
        return answered(await commitOrFind(actor, sending, at, after), bytes)
    }
  }
  const append: Verbs['append'] = async (actor, execution, events, after, again) => {
    const id = execution ?? ''
    const place = typeof after === 'number' ? after : cluster.newest(id).seq
    const first = (again === undefined ? undefined : sent.get(again.write.hash)) ?? bytesOf(id, events, place)
    await there(first)
    const found = again === undefined ? undefined : settled(id, again)
    if (found !== undefined) return answered(found, first)
    if (again !== undefined) cluster.meet('sent the same bytes again')
    const bytes = again !== undefined && flaws.restamps === true ? bytesOf(id, events, place) : first
    return send(actor, { execution, events, hash: bytes.hash }, bytes, after)
  }
  const answered = async (written: Written, bytes: Bytes): Promise<Written> => {
    await there(bytes)
    const last = written.at(-1)
    if (last?.execution === life.execution) runs = last.type !== 'TaskWaiting'
    return written
  }
  return handleOf(inner, ask, {
    listens: (execution) => cluster.asksForWords && !(runs && execution === life.execution),
    append,
    fence: async (execution, device) => {
      const asked = timeline.now
      await there()
      cluster.requireOwner(execution, life, device)
      await inner.fence(execution, device)
      await there()
      const longest = flaws.longestFence ?? longestAge(machines.ttl)
      return fenceOf(device, asked, () => timeline.now, { longest })
    },
  })
}

type After = number | readonly AppendCondition[] | undefined
type Written = readonly JournalEvent[]

/** How a process writes, and asks for its fences. */
interface Verbs {
  append(
    actor: Actor,
    execution: string | undefined,
    events: readonly EventBody[],
    after: After,
    again: RepeatedWrite | undefined,
  ): Promise<Written>
  readonly fence: Leases['fence']
  /** Whether it is asked for words to stop an execution. */
  listens?(execution: string): boolean
}

function handleOf(
  store: Store & Leases,
  ask: QuestionWrapper,
  { append, fence, listens = () => false }: Verbs,
): Store & Leases {
  const questions = questionsOf(store, ask)
  const { read, stopRequest } = questions
  const as = (actor: Actor): Journal => ({
    append: (execution, events, after, again) => append(actor, execution, events, after, again),
    read,
  })
  return {
    ...questions,
    as,
    // A running process listens in real time, which histories do not have: the word reaches it as a notice does.
    stopRequest: async (execution, after) => (listens(execution) ? stopRequest(execution, after) : undefined),
    suspendRequest: async () => undefined,
    close: async () => undefined,
    quarantineSeconds: store.quarantineSeconds,
    leaseOf: ask((device) => store.leaseOf(device)),
    liveLeases: ask((of: 'shares' | 'all') => store.liveLeases(of)),
    fence,
  }
}

// `mine`: it was written. `lost`: it was not.
function becameOf(
  { after, hash }: WriteInDoubt,
  newest: { readonly seq: number; readonly hash: string },
): 'mine' | 'lost' | 'other' {
  if (newest.hash === hash) return 'mine'
  return newest.seq === after ? 'lost' : 'other'
}
