import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Questions } from './database.ts'

/** By how many milliseconds a machine's clock may differ from that of the server before it writes nothing. */
export const MOST_OFFSET = 2_000
const EVERY = 60_000

export type ServerClock = ReturnType<typeof serverClockOver>

export function serverClockOver(questions: Questions, clock: Clock) {
  let offset = 0
  let measured: number | undefined
  /** How far the server's clock is ahead, in milliseconds. Throws `store`. */
  const measure = async (): Promise<number> => {
    const before = clock.now()
    const asked = await questions.one<{ at: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
    )
    const after = clock.now()
    measured = clock.monotonic()
    offset = asked === undefined ? 0 : asked.at - (before + after) / 2
    return offset
  }
  return {
    measure,
    /** What the server's clock says, milliseconds since the epoch, as it was measured last. */
    now: (): number => clock.now() + offset,
    /** Measures once a minute. Throws `clock` where the machine's clock is off: nothing is written by it. */
    require: async (): Promise<void> => {
      if (measured === undefined || clock.monotonic() - measured > EVERY) await measure()
      if (Math.abs(offset) <= MOST_OFFSET) return
      const seconds = (Math.abs(offset) / 1000).toFixed(1)
      throw new EosflowError(
        'clock',
        `this machine's clock is ${seconds} s ${offset > 0 ? 'behind' : 'ahead of'} that of the database: nothing was written`,
        {
          hint: 'Set the clocks of both by the same time server (chrony, ntp).',
        },
      )
    },
  }
}
