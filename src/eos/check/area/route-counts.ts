import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { recordOf, show } from '../answer/show.ts'
import { became, compareVrfs } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, inOrder } from './define-area.ts'

// `show ip route vrf all summary`: only its outer shape and `totalRoutes` are recorded; counts of protocols are read where they are.
const COMMAND = show('show ip route vrf all summary', () => ({ vrfs: recordOf(recordOf(z.json())) }), 3)

const state = () => recordOf(recordOf(z.int()))

const OTHERS: ReadonlySet<string> = new Set(['totalRoutes', 'maskLen'])

export const routeCountsArea = defineArea({
  name: 'route-counts',
  docs: 'How many IPv4 routes every VRF has of every protocol. For full tables, instead of `routes`.',
  asks: [COMMAND],
  state,
  tolerances: { routes: { percent: 2 } },
  tell: ([reply]) => eachOf(answerOf(reply, COMMAND).vrfs, (summary) => inOrder(counts(summary))),
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (protocol) => ({ subject: protocol, vrf, label: `${protocol} routes in ${vrf}` }),
      added: (is) => `: 0 -> ${is}`,
      removed: (was) => `: ${was} -> 0`,
      changed: (protocol, was, is) => became(protocol, 'routes', [was, is]),
    })),
})

function counts(summary: JsonObject): readonly (readonly [string, number])[] {
  const protocols = Object.entries(summary).flatMap(([name, value]): [string, number][] => {
    if (OTHERS.has(name)) return []
    const protocol = name.replace(/Counts$/, '')
    const count = isJsonObject(value) ? value[`${protocol}Total`] : value
    return isCount(count) && count > 0 ? [[protocol, count]] : []
  })
  const { totalRoutes } = summary
  return protocols.length === 0 && isCount(totalRoutes) && totalRoutes > 0 ? [['all', totalRoutes]] : protocols
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value)
}
