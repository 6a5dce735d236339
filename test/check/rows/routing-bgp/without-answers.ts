import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'

/** The rows `empty` and `absent` of a check that judges by `vrfs` and asks one command first. */
export function withoutAnswers(check: string, command: string, inputs: JsonObject = {}): readonly Row[] {
  const messages = (what: string): readonly string[] => [`\`${command}\` ${what}`]
  return [
    {
      check,
      name: 'empty',
      inputs,
      outputs: [{}],
      result: 'error',
      messages: messages('answered in an unknown shape at vrfs'),
    },
    { check, name: 'absent', inputs, outputs: [], result: 'error', messages: messages('was not answered') },
  ]
}

/** What most checks of peers ask. */
export const NEIGHBORS = 'show bgp neighbors vrf all'

/** What the checks for the routing model `ribd` ask. */
export const IP_NEIGHBORS = 'show ip bgp neighbors vrf all'
