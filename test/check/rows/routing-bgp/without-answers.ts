import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'

/** The rows `empty` and `absent` of a check that judges by `vrfs` and asks one command first. `empty`: what it says of an empty answer. */
export function withoutAnswers(
  check: string,
  command: string,
  inputs: JsonObject,
  empty: readonly string[],
): readonly Row[] {
  const [first = ''] = empty
  return [
    {
      check,
      name: 'empty',
      inputs,
      outputs: [{}],
      result: first.startsWith('`') ? 'error' : 'failure',
      messages: empty,
    },
    { check, name: 'absent', inputs, outputs: [], result: 'error', messages: [`\`${command}\` was not answered`] },
  ]
}

/** What most checks of peers ask. */
export const NEIGHBORS = 'show bgp neighbors vrf all'

/** What the checks for the routing model `ribd` ask. */
export const IP_NEIGHBORS = 'show ip bgp neighbors vrf all'
