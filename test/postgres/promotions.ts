import type { EventBody } from '../../src/change/record/event/event.ts'
import { makeStore } from '../../src/change/record/postgres/layout.ts'
import { openPostgresStore } from '../../src/change/record/postgres/open-postgres-store.ts'
import { KeyRing } from '../../src/change/record/seal/store-keys.ts'
import { type Journal, OutageError, type RepeatedWrite } from '../../src/change/record/store/journal.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { ALICE, ONE_OF_EACH } from '../change/record/one-of-each-event.ts'
import { startDatabase } from '../project/worker/database.ts'

/** How often a server dies, and what is written meanwhile. */
export interface PromotionOptions {
  readonly kills: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** What was acknowledged, and what of it is there. */
export interface PromotionEnd {
  /** Records whose append was answered. */
  readonly acknowledged: number
  /** Those of them whose first answer was that nobody knows, and which were settled then. */
  readonly settled: number
  /** Those that are not there, by execution and number. */
  readonly missing: readonly string[]
  /** Executions that have another number of records than was acknowledged. */
  readonly other: readonly string[]
  readonly seconds: number
}

const KEY = 'ab'.repeat(32)
const WRITERS = 8
const STARTED = ONE_OF_EACH[0] as EventBody

/** What is written of one execution: what leads on needs a standby, what puts back does not. */
function eventsFor(device: string): readonly EventBody[] {
  const act = { type: 'ActIntended', device, session: 'eosflow-1' } as const
  const aborted: EventBody = { ...act, act: 'abort' }
  return [STARTED, { ...act, act: 'stage', checkpoint: 'c' }, aborted, aborted]
}

/** What was acknowledged: whoever writes settles what is in doubt before anything else. */
class Written {
  readonly #journal: Journal
  /** By execution. */
  readonly counts = new Map<string, number>()
  settled = 0

  constructor(journal: Journal) {
    this.#journal = journal
  }

  get total(): number {
    return [...this.counts.values()].reduce((total, count) => total + count, 0)
  }

  async add(id: string, event: EventBody): Promise<void> {
    let again: RepeatedWrite | undefined
    for (;;) {
      try {
        const { length } = await this.#journal.append(id, [event], undefined, again)
        this.counts.set(id, (this.counts.get(id) ?? 0) + length)
        if (again !== undefined) this.settled += 1
        return
      } catch (error) {
        if (!(error instanceof OutageError)) throw error
        again = error.doubt === undefined ? again : { write: error.doubt, ifLost: 'send' }
        await systemClock.sleep(100)
      }
    }
  }
}

/** Has the server that writes die again and again, each time for good, while records are written; its synchronous standby takes over. */
export async function promotions({ kills, seed, say }: PromotionOptions): Promise<PromotionEnd> {
  const begun = performance.now()
  const random = new SeededRandom(seed)
  const database = await startDatabase({ isReplicated: true })
  const place = { host: '127.0.0.1', database: 'postgres', user: 'postgres' }
  await makeStore({ ...place, port: database.primary.port }, new KeyRing(KEY))
  const { store } = await openPostgresStore({
    address: { ...place, port: database.port },
    installKey: KEY,
    clock: systemClock,
    worker: { ttl: 60_000 },
    isReplicated: true,
  })
  const written = new Written(store.as(ALICE))
  let isOver = false
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let round = 0; !isOver; round += 1) {
      const id = `w${writer}-${round}`
      for (const event of eventsFor(`leaf-${writer}-${round}`)) await written.add(id, event)
      await systemClock.sleep(10)
    }
  })
  const missing: string[] = []
  const other: string[] = []
  const known = new Map<string, number>()
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await systemClock.sleep(Math.floor(50 + random.fraction() * 400))
      const before = [...written.counts].filter(([id, count]) => known.get(id) !== count)
      await database.promote()
      // What the new server has is looked at behind its address, before anything else makes up for what it lacks.
      for (const [id, count] of before) {
        known.set(id, count)
        const there = (await asked(() => store.read(id))).length
        if (there < count) missing.push(`${id}: ${there} of ${count} behind kill ${kill}`)
      }
      if (kill % 20 === 0) say(`${kill} kills, ${written.total} records acknowledged, ${missing.length} missing`)
    }
    isOver = true
    await Promise.all(writers)
    for (const [id, count] of written.counts) {
      const there = (await asked(() => store.read(id))).length
      if (there !== count) other.push(`${id}: ${there}, and ${count} were acknowledged`)
    }
    await store.verifyChain()
  } finally {
    isOver = true
    await store.close()
    await database.end()
  }
  const { total: acknowledged, settled } = written
  return { acknowledged, settled, missing, other, seconds: (performance.now() - begun) / 1000 }
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OutageError)) throw error
      await systemClock.sleep(200)
    }
  }
}
