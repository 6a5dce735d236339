import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AppendAnswer, type AppendRequest, type HeadRow, placed } from '../chains/append-request.ts'
import { type AppendTerms, prepare } from '../chains/prepare.ts'
import type { JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { OutageError, PolicyMovedError, type RepeatedWrite, requireConditions } from '../store/journal.ts'
import type { Store } from '../store/store.ts'
import { APPEND_CALL, type GroupAnswer, inGroup, type SentAppend, sealedNow, sentOf } from './append-group.ts'
import { askOver, type Session } from './database.ts'
import type { LastSeenState } from './last-seen-state.ts'
import { type LostTail, missingError } from './lost-tail.ts'
import { isOutage, postgresError, sqlStateOf } from './postgres-error.ts'
import type { PresentKey } from './present-key.ts'
import type { PostgresAddress } from './server-config.ts'

// So many requests are sent together at most.
const MOST = 100
// How often a request is made anew because another process was faster.
const TRIES = 300
// How long a store that is away is tried again before whoever appends is told, in milliseconds: they decide how long they wait.
const PATIENCE = 4_000
const PAUSE = 100

const NOT_REPLICATED = '01000'
const UNDONE: readonly string[] = ['40001', '40P01']

interface Waiting {
  readonly request: AppendRequest
  // What was sent before, of which nobody knows whether it was written.
  doubted: SentAppend | undefined
  readonly leave: boolean
  tries: number
  readonly resolve: (events: readonly JournalEvent[]) => void
  readonly reject: (reason: unknown) => void
}

type Ready = Waiting & { readonly prepared: SentAppend }

export interface AppendQueueParts extends AppendTerms {
  readonly keys: StoreKeys
  readonly isReplicated: boolean
  readonly address: PostgresAddress
  readonly clock: Clock
  readonly me: () => Promise<string>
  readonly during: (work: () => Promise<void>) => Promise<void>
  readonly session: Session
  readonly lastSeen: LastSeenState
  readonly presentKey: PresentKey
  readonly tail: LostTail
  readonly died: () => void
  readonly wrote: (execution: string) => void
}

/** A group has one request of each execution at most, and ends before the second, so that records are in the order of the calls. */
export function appendQueue(parts: AppendQueueParts) {
  const { address, clock, session, lastSeen, presentKey, tail, keys } = parts
  const waiting: Waiting[] = []
  const doubts = new Map<string, { readonly request: AppendRequest; readonly prepared: SentAppend | undefined }>()
  let running: Promise<void> | undefined

  const run = async () => {
    while (waiting.length > 0) {
      const group = next()
      try {
        await parts.during(() => commit(group))
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    running = undefined
  }

  const next = (): readonly Waiting[] => {
    const seen = new Set<string>()
    const end = waiting.findIndex(({ request: { execution } }, index) => {
      if (index === MOST) return true
      if (execution === undefined) return false
      if (seen.has(execution)) return true
      seen.add(execution)
      return false
    })
    return waiting.splice(0, end === -1 ? waiting.length : end)
  }

  const commit = async (group: readonly Waiting[]) => {
    const until = clock.monotonic() + PATIENCE
    let me: string
    try {
      me = await patiently(until, async () => {
        await session.open()
        const own = await parts.me()
        await compare()
        await presentKey.during(() => lastSeen.load(group.map(({ request }) => request)))
        return own
      })
    } catch (error) {
      // Nothing was sent, but what was in doubt is still.
      for (const one of group) one.reject(isOutage(error) ? outage(one, error) : postgresError(address, error))
      return
    }
    const ready = prepared(group)
    if (ready.length > 0) await send(me, ready, until)
  }

  const prepared = (group: readonly Waiting[]): readonly Ready[] => {
    const ready: Ready[] = []
    let { register } = lastSeen
    for (const one of group) {
      try {
        tail.require(one.request)
        const { request, doubted } = one
        // What is in doubt is sent as it was, and alone it goes on from the register that it has seen.
        const made = doubted ?? fresh(request, register)
        if (doubted === undefined) register = made.register
        ready.push(Object.assign(one, { prepared: sealedNow(made, parts) }))
      } catch (error) {
        one.reject(error)
      }
    }
    return ready
  }

  const fresh = (request: AppendRequest, register: HeadRow) =>
    sentOf(request, prepare(request, register, lastSeen, parts), lastSeen, register, parts.isReplicated)

  const send = async (me: string, ready: readonly Ready[], until: number) => {
    let isSent = false
    const key = keys.check
    const group = inGroup(key, me, ready)
    try {
      const { rows, notices } = await patiently(until, async () => {
        await session.open()
        await compare()
        isSent = true
        return session.send(APPEND_CALL, group.values)
      })
      if (notices.includes(NOT_REPLICATED)) await patiently(until, () => replicate(me))
      const given = rows[0]?.given as GroupAnswer
      if (given.is === 'done') settle(me, ready, group.answersIn(given), key)
      else if (given.is === 'rekeyed') rekeyed(ready, key, given.key)
      else dead(ready)
    } catch (error) {
      for (const one of ready) one.reject(isOutage(error) ? lost(one, isSent, error) : postgresError(address, error))
    }
  }

  const lost = (one: Ready, isSent: boolean, error: unknown) => {
    if (isSent) one.doubted = one.prepared
    return outage(one, error)
  }

  const dead = (ready: readonly Ready[]) => {
    parts.died()
    for (const { reject } of ready) reject(declaredDead())
  }

  // Throws `store` where its key is not here.
  const rekeyed = (ready: readonly Ready[], key: string, present: string) => {
    presentKey.require(present)
    if (present === key) throw new EosflowError('bug', 'the database takes no append under its own key')
    // A request whose answer was lost may have been written before the rotation: as it was it is found again.
    for (const one of ready) one.doubted = one.prepared
    waiting.unshift(...ready)
  }

  const compare = () => presentKey.during(() => tail.compareOnce(session.opened, askOver(session)))

  const patiently = async <T>(until: number, act: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await act()
      } catch (error) {
        if (isAway(error)) session.drop()
        if (!(isUndone(error) || isOutage(error)) || clock.monotonic() >= until) throw error
        await clock.sleep(PAUSE)
      }
    }
  }

  // Throws where that does not wait either.
  const replicate = async (me: string) => {
    const { notices } = await session.send('SELECT worker_beat($1)', [me])
    if (notices.includes(NOT_REPLICATED)) throw new Error('no standby has confirmed what was written')
  }

  const outage = ({ request, doubted }: Waiting, cause: unknown) => {
    const words = postgresError(address, cause).message
    const hash = (doubted?.head ?? doubted?.register)?.hash ?? `unsent ${randomUUID()}`
    doubts.set(hash, { request, prepared: doubted })
    const { execution } = request
    const after = execution === undefined ? 0 : (lastSeen.executions.get(execution)?.last ?? 0)
    const doubt = doubted === undefined ? '' : '; whether the newest records are written is not known'
    return new OutageError(`${words}${doubt}`, { doubt: { after, hash }, cause })
  }

  const settle = (
    me: string,
    ready: readonly Ready[],
    answers: readonly (AppendAnswer | 'alone' | undefined)[],
    key: string,
  ) => {
    const anew: Waiting[] = []
    for (const [index, one] of ready.entries()) {
      const answer = answers[index]
      // Something of it does not hold, or it is there already: asked for as it was, the answer says which.
      one.doubted = answer === 'alone' ? one.prepared : undefined
      try {
        if (isAnew(me, one, answer, key)) anew.push(one)
      } catch (refusal) {
        one.reject(refusal)
      }
    }
    tail.remember(ready, answers)
    waiting.unshift(...anew)
  }

  const isAnew = (me: string, one: Ready, answer: AppendAnswer | 'alone' | undefined, key: string) => {
    if (answer === undefined) throw new EosflowError('bug', 'the database has answered less than it was asked')
    if (answer === 'alone') return true
    if (answer.is !== 'stale' || one.tries >= TRIES) {
      answerTo(me, one, answer)
      return false
    }
    one.tries += 1
    // An answer from before a rotation that this process has heard of since is asked for once more.
    if (key === keys.check) lastSeen.heed(one.request.execution, answer.standing)
    return true
  }

  const answerTo = (me: string, { request, prepared, resolve, reject }: Ready, answer: AppendAnswer) => {
    if (answer.is === 'written') {
      lastSeen.wrote(me, request, prepared, answer)
      // What goes with the register is said by the database itself.
      const { execution } = request
      if (execution !== undefined && prepared.registerRows.length === 0) parts.wrote(execution)
      resolve(placed(request, answer))
    } else if (answer.is === 'left') resolve([])
    else if (answer.is === 'stale')
      reject(new EosflowError('store', 'others write to the store all the time', { retryable: true }))
    else reject(refusalOf(request, answer))
  }

  return {
    add: (request: AppendRequest, again?: RepeatedWrite): Promise<readonly JournalEvent[]> =>
      new Promise((resolve, reject) => {
        const doubt = again === undefined ? undefined : doubts.get(again.write.hash)
        const leave = again?.ifLost === 'leave'
        if (again !== undefined) doubts.delete(again.write.hash)
        if (leave && doubt?.prepared === undefined) {
          resolve([])
          return
        }
        const given = doubt?.request ?? request
        waiting.push({ request: given, doubted: doubt?.prepared, leave, tries: 0, resolve, reject })
        // Whatever else the running code appends goes with it.
        running ??= new Promise<void>((done) => setImmediate(done)).then(run)
      }),

    settled: async (): Promise<void> => {
      while (running !== undefined) await running
    },
  }
}

function isUndone(error: unknown) {
  return UNDONE.includes(sqlStateOf(error) ?? '')
}

function isAway(error: unknown) {
  return !isUndone(error) && isOutage(error)
}

export function refusalOf(
  { execution, events, after }: AppendRequest,
  answer: Extract<AppendAnswer, { readonly is: 'unmet' | 'moved' | 'owned' | 'used' | 'unreplicated' | 'missed' }>,
): unknown {
  if (answer.is === 'moved') return new PolicyMovedError()
  if (answer.is === 'owned') return ownedElsewhere(execution ?? '')
  if (answer.is === 'unreplicated') return unreplicated()
  if (answer.is === 'missed') return missingError('guard', [])
  if (answer.is === 'used') {
    const use = events.flatMap(usesIn).find(({ key }) => key === answer.key)
    return use?.refusal() ?? new EosflowError('bug', `nobody has used ${answer.key}`)
  }
  try {
    // The condition that does not hold says so itself; those before it do.
    const failed = typeof after === 'object' ? after.filter((one) => 'of' in one && one.of === answer.of) : after
    const facts = { newest: () => answer.newest, newestPolicy: () => 0, isAsked: () => answer.isAsked }
    requireConditions(facts, execution, failed)
  } catch (refusal) {
    return refusal
  }
  return new EosflowError('bug', `the database refuses a condition that holds, about ${answer.of}`)
}

function ownedElsewhere(execution: string) {
  return new EosflowError('busy', `execution ${execution} was continued by another process`, {
    hint: `eosflow watch ${execution}`,
  })
}

/** Throws BrokenChainError where it was altered: nobody has continued that. */
export async function elsewhereOrForged(store: Pick<Store, 'read'>, execution: string): Promise<EosflowError> {
  await store.read(execution)
  return ownedElsewhere(execution)
}

export async function unlessForged<T>(
  store: Pick<Store, 'read'>,
  execution: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (execution !== undefined && error instanceof EosflowError && error.kind === 'busy') await store.read(execution)
    throw error
  }
}

/** What leads a change on where one server alone would know of it (docs/adr/0075). */
export function unreplicated(): EosflowError {
  return new EosflowError(
    'guard',
    'no synchronous standby of the server would have what is announced: a failover could forget it',
    {
      hint: 'Give the server a synchronous standby, or say in eosflow.yaml that one server is enough: workers.durability: single.',
    },
  )
}

export function declaredDead(): EosflowError {
  return new EosflowError(
    'busy',
    'this process did not answer for too long, and others go on with what it did: nothing was written',
    {
      hint: 'Start it again.',
    },
  )
}
