import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { became, compareVrfs } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show ip route vrf all summary', revision: 3 }

// `show ip route vrf all summary`: only its outer shape and `totalRoutes` are recorded; counts of protocols are read where they are.
const model = once(() => z.object({ vrfs: z.record(z.string(), z.record(z.string(), z.json())) }))

const state = once(() => z.record(z.string(), z.record(z.string(), z.int())))

const OTHERS: ReadonlySet<string> = new Set(['totalRoutes', 'maskLen'])

export const routeCountsArea = defineArea({
  name: 'route-counts',
  docs: 'How many IPv4 routes every VRF has of every protocol. For full tables, instead of `routes`.',
  commands: [COMMAND],
  state,
  tolerances: { routes: { percent: 2 } },
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const entries = Object.entries(answer.state.vrfs).map(([vrf, summary]) => [vrf, inOrder(counts(summary))] as const)
    return { ok: true, state: inOrder(entries) }
  },
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
