import { z } from 'zod'
import { duration } from '../../../text/source/duration.ts'

/** `workers:` of `eosflow.yaml`: who drives executions where several machines share a store. */
export const workerSettings = z
  .strictObject({
    dispatch: z
      .enum(['in-process', 'dbos'])
      .default('in-process')
      .describe(
        'Who drives what is begun: the process that begins it, or workers (`eosflow worker`), which need a store on PostgreSQL.',
      ),
    ttl: duration(2, 300, '10s')
      .default(10)
      .describe(
        'A process that gives no sign of life for so long is dead, and another one goes on with what it drove.',
      ),
    beat: duration(1, 60, '2s').default(2).describe('How often a process gives a sign of life.'),
    quarantine: duration(10, 3600, '180s')
      .default(180)
      .describe(
        'How long other executions are kept from the switches of a process that died in the middle of a change.',
      ),
    idleTimeout: duration(0, 86_400, '15m')
      .default(900)
      .describe(
        'The longest idle timeout of the switches: for how long one keeps a connection on which nothing arrives. It is added to `quarantine`.',
      ),
    durability: z
      .enum(['replicated', 'single'])
      .default('replicated')
      .describe(
        'Whether records must be on a second server before a switch is changed; `single`: one server is enough.',
      ),
    keepActivations: duration(3600, 31_536_000, '1d')
      .default(86_400)
      .describe('How long the queues keep what workers have done with. No record of a change is in them.'),
  })
  // Who may be silent for almost as long as it takes to be dead is declared dead by the first answer that is late.
  .refine(({ ttl, beat }) => !(beat > ttl / 2), {
    error: '`beat` must be at most half of `ttl`',
    params: { code: 'invalid-value', hint: 'for example `beat: 1s` with `ttl: 2s`' },
  })

/** How long other executions are kept from the switches of a process that died in the middle of a change, in seconds. */
export function quarantineSeconds({
  quarantine,
  idleTimeout,
}: Pick<z.output<typeof workerSettings>, 'quarantine' | 'idleTimeout'>): number {
  return quarantine + idleTimeout
}
