import { type Schedule, serviceName } from '../../change/schedule/schedule.ts'
import type { AfterLook } from '../../model/after.ts'
import { messageOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { InputError, problemText } from '../../project/system/process/input-error.ts'

export interface Occurrence {
  readonly schedule: Schedule
  /** Milliseconds since the epoch. */
  readonly instant: number
  /** What it is known by: whatever it begins, it begins under this key. */
  readonly key: string
  readonly principal: Principal
}

export interface OccurrenceEnd {
  readonly outcome: 'ok' | 'failed'
  readonly reason: string
  readonly begun?: string
  readonly looked?: AfterLook
}

export function failureOf(error: unknown): OccurrenceEnd {
  return { outcome: 'failed', reason: wordsOf(error) }
}

function wordsOf(error: unknown) {
  if (error instanceof InputError)
    return error.problems.map((one) => problemText(one).replaceAll(/\s*\n\s*/g, ': ')).join('; ')
  return messageOf(error)
}

/**
 * Who acts for a schedule: the service `schedule:NAME`, which the policy judges like any other. The person who starts it by hand, or for
 * whom an agent does, is behind it: it may do no more than both of them, and they count as somebody who has made its plan.
 */
export function schedulePrincipal(name: string, by?: Principal): Principal {
  const service = serviceOf(name)
  const human = humanOf(by)
  if (by === undefined || human === undefined) return service
  const { issuer, id, groups, person } = human
  return {
    ...service,
    onBehalfOf: {
      issuer,
      id,
      ...definedMembers({ groups, person }),
    },
    ...definedMembers({ authenticatedAt: by.authenticatedAt }),
  }
}

export function scheduleCalledBy(name: string, by: Principal | undefined): Principal {
  const human = humanOf(by)
  if (human === undefined) return serviceOf(name)
  const { issuer, id, person } = human
  return { ...serviceOf(name), named: [{ issuer, id, ...definedMembers({ person }) }] }
}

function serviceOf(name: string) {
  return { issuer: 'schedule', id: `schedule:${serviceName(name)}`, kind: 'service', auth: 'os' } as const
}

function humanOf(by: Principal | undefined): Principal['onBehalfOf'] {
  return by?.kind === 'person' ? by : by?.onBehalfOf
}
