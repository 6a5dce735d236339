import type { Database } from './database.ts'
import type { Machine } from './machine.ts'
import { pause, TTL, type WorkerProcess } from './team.ts'
import type { Part } from './undriven.ts'
import type { Way } from './way.ts'

/** A worker at its machine. */
export interface Hired {
  readonly worker: WorkerProcess
  readonly machine: Machine
}

/** Whom a fault strikes, and by what numbers. */
export interface Struck extends Hired {
  readonly database: Database
  /** A number that the seed gives, in milliseconds mostly. */
  between(low: number, high: number): number
  /** What the worker drives is to be taken over by others. */
  readonly orphaned: () => Promise<void>
  /** The worker was stopped in its tracks for this time, milliseconds since the epoch. */
  readonly froze: (part: Part) => void
}

/** One kind of fault. */
export interface Fault {
  readonly name: string
  /** How many of each bag of faults are of this kind. */
  readonly share: number
  /** Of the database itself there is one at a time. */
  readonly isOfDatabase?: boolean
  /** Resolves when it is over; false where there was nothing that it could strike. */
  strike(struck: Struck): Promise<boolean>
}

const freeze = async ({ worker, froze }: Struck, milliseconds: number) => {
  const from = Date.now()
  worker.process.kill('SIGSTOP')
  await pause(milliseconds)
  worker.process.kill('SIGCONT')
  froze({ from, to: Date.now() })
  return true
}

/** Does something to the ways to a third of the switches, and mends them later: what cannot be read is not planned. */
const onTheWay = async ({ machine, between }: Struck, act: (way: Way) => void, milliseconds: number) => {
  const third = between(0, 3)
  const isMeant = (place: number) => place % 3 === third
  machine.toSwitches(act, isMeant)
  await pause(milliseconds)
  machine.toSwitches((way) => way.mend(), isMeant)
  return true
}

/** What happens to activations that wait, again and again for two seconds; gives how many it happened to. */
const activations = (does: string) => [
  `DO $$ DECLARE struck int; total int := 0; BEGIN
    FOR look IN 1..100 LOOP
      ${does};
      GET DIAGNOSTICS struck = ROW_COUNT;
      total := total + struck;
      COMMIT;
      PERFORM pg_sleep(0.02);
    END LOOP;
    PERFORM set_config('storm.struck', total::text, false);
  END $$`,
  "SELECT current_setting('storm.struck')::int AS struck",
]

const struckBy = async (database: Database, does: string) => {
  const [row] = await database.ask(...activations(does)).catch(() => [])
  return Number(row?.struck ?? 0) > 0
}

/** All that happens to workers, to their networks and to their database. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'kill -9',
    share: 4,
    strike: async ({ worker, orphaned }) => {
      await orphaned()
      return worker.process.kill('SIGKILL')
    },
  },
  {
    name: 'frozen for less than the TTL',
    share: 2,
    strike: (struck) => freeze(struck, struck.between(200, TTL - 200)),
  },
  {
    name: 'frozen for up to five TTL',
    share: 3,
    strike: async (struck) => {
      const milliseconds = struck.between(TTL, 5 * TTL)
      if (milliseconds > 2 * TTL) await struck.orphaned()
      return freeze(struck, milliseconds)
    },
  },
  {
    name: 'cut from the database',
    share: 2,
    strike: async ({ machine, between }) => {
      machine.store.cut()
      await pause(between(200, 3 * TTL))
      machine.store.mend()
      return true
    },
  },
  {
    name: 'slow to the database',
    share: 1,
    strike: async ({ machine, between }) => {
      machine.store.slow(between(20, 300))
      await pause(3_000)
      machine.store.mend()
      return true
    },
  },
  {
    name: 'half-open to the database',
    share: 1,
    strike: async ({ machine, between }) => {
      machine.store.silence()
      await pause(between(200, 2 * TTL))
      machine.store.mend()
      return true
    },
  },
  {
    name: 'cut from switches',
    share: 2,
    strike: (struck) => onTheWay(struck, (way) => way.cut(), struck.between(200, 2 * TTL)),
  },
  {
    name: 'slow to switches',
    share: 1,
    strike: (struck) => {
      const milliseconds = struck.between(20, 400)
      return onTheWay(struck, (way) => way.slow(milliseconds), 3_000)
    },
  },
  {
    name: 'half-open to switches',
    share: 1,
    strike: (struck) => onTheWay(struck, (way) => way.silence(), struck.between(200, 2 * TTL)),
  },
  {
    name: 'database killed',
    share: 1,
    isOfDatabase: true,
    strike: async ({ database, between }) => {
      await database.restart(between(100, 2 * TTL))
      return true
    },
  },
  {
    name: 'standby promoted',
    share: 1,
    isOfDatabase: true,
    strike: async ({ database }) => {
      await database.promote()
      return true
    },
  },
  {
    name: 'activations lost',
    share: 1,
    isOfDatabase: true,
    strike: ({ database }) => struckBy(database, "DELETE FROM dbos.workflow_status WHERE status = 'ENQUEUED'"),
  },
  {
    name: 'activations late',
    share: 1,
    isOfDatabase: true,
    strike: async ({ database }) => {
      const held = "UPDATE dbos.workflow_status SET queue_name = 'held:' || queue_name"
      const isStruck = await struckBy(database, `${held} WHERE status = 'ENQUEUED' AND queue_name NOT LIKE 'held:%'`)
      await pause(3_000)
      const back = "UPDATE dbos.workflow_status SET queue_name = substr(queue_name, 6) WHERE queue_name LIKE 'held:%'"
      for (let tries = 0; tries < 20; tries += 1) {
        try {
          await database.ask(back)
          break
        } catch {
          await pause(500)
        }
      }
      return isStruck
    },
  },
]
