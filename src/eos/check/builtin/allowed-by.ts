import { isJsonObject } from '../../../model/json.ts'
import { AreaExpectation } from '../expect/expectation.ts'
import { isExpectation } from './beside.ts'
import type { CheckSpec } from './catalog.ts'

/** What expectations allow to come, go or change, and do not demand, by state area. */
export function allowedBy(specs: readonly CheckSpec[]): Readonly<Record<string, readonly string[]>> {
  const expected = specs.filter(isExpectation).flatMap(({ input }) => {
    const areas = isJsonObject(input) ? input.expected : undefined
    return isJsonObject(areas) ? Object.entries(areas) : []
  })
  return Object.fromEntries(expected.map(([area, one]) => [area, AreaExpectation.safeParse(one).data?.allowed ?? []]))
}
