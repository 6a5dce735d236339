import { definedMembers } from '../../../model/defined-members.ts'
import type { ListingRequest } from '../../../project/history/executions/list-executions.ts'
import { placeOf } from './shown-execution.ts'

interface ListQuery {
  readonly limit: number
  readonly after?: string | undefined
  readonly state?: ListingRequest['states'][number] | undefined
  readonly workflow?: string | undefined
  readonly by?: string | undefined
  readonly switch?: string | undefined
}

/** Throws `input` for a place that is none. */
export function listingOf({ limit, after, state, workflow, by, switch: target }: ListQuery): ListingRequest {
  const before = placeOf(after)
  return {
    target,
    states: state === undefined ? [] : [state],
    touched: false,
    most: limit,
    ...definedMembers({ before, workflow, by }),
  }
}
