import { z } from 'zod'
import type { Problem } from '../../../model/error.ts'
import { duration, shown } from '../../../text/source/duration.ts'
import { type LocatedValue, placeOf } from '../../../text/source/located.ts'
import type { StateMachine } from '../machine/machine.ts'
import { STATE_AREAS } from './state-areas.ts'

// How long the network is read behind a put-back, in seconds, unless the workflow says so.
const WITHIN = 300

/** What is read of the network behind a put-back, as a workflow file says it under `rollback`. */
export const putBackSchema = z
  .strictObject({
    areas: shown(
      z.array(z.enum(STATE_AREAS)).optional(),
      'Which of the areas that the snapshot reads; without it all of them, with `[]` none.',
      ['bgp', 'interfaces'],
    ),
    within: duration(1, 3600, '5m').default(WITHIN).describe('How long the network may take to be as before.'),
  })
  .describe('What is read of the network of a switch that was put back, until it is as it was before the change.')

// What was counted stays counted: these areas are never as before.
const COUNTERS: ReadonlySet<string> = new Set(['errors'])

type PutBack = z.output<typeof putBackSchema> | undefined

/** `read` are the areas of the snapshot. */
export function putBackOf(written: PutBack, read: readonly string[]): Partial<Pick<StateMachine, 'putBack'>> {
  const areas = (written?.areas ?? read).filter((area) => !COUNTERS.has(area))
  return areas.length === 0 ? {} : { putBack: { areas, withinSeconds: written?.within ?? WITHIN } }
}

export function unreadAreas(written: PutBack, read: readonly string[], located: LocatedValue): readonly Problem[] {
  return (written?.areas ?? []).flatMap((area, index) =>
    read.includes(area)
      ? []
      : [
          {
            code: 'area-not-read',
            message: `the snapshot does not read \`${area}\`, so nobody knows what it was before`,
            at: placeOf(located, ['rollback', 'areas', index]),
            hint: `write \`- snapshot: { state: [..., ${area}] }\``,
          },
        ],
  )
}
