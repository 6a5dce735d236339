import { z } from 'zod'
import { became, compareQuantities, compareRecords, entry, namesIn } from '../compare.ts'
import { once } from '../once.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'
import { IP_ROUTES, ipRoutesModel, routeChanges, routeWords, type ShownRoute } from './show-ip-route.ts'

/** The most routes of one VRF that are compared one by one. */
const LISTED = 20_000

const state = once(() =>
  z.record(
    z.string(),
    z.strictObject({
      routes: z.record(z.string(), z.string()),
      hosts: z.int(),
      unlisted: z.record(z.string(), z.int()).exactOptional(),
    }),
  ),
)

type RoutesState = z.output<ReturnType<typeof state>>

/**
 * The routing tables. Every prefix is compared exactly: its protocol, its cost, its next hops in any order. Host routes
 * behind a VTEP come and go with the hosts, so they are counted; so are all routes of a VRF that has too many to list.
 */
export const routesArea = defineArea({
  name: 'routes',
  docs: `The IPv4 routes of every VRF: protocol, cost and next hops of every prefix. Host routes behind a VTEP, and the routes of a VRF with more than ${LISTED.toLocaleString('en')}, are counted only.`,
  commands: [IP_ROUTES],
  state,
  tolerances: { hosts: { percent: 10 }, unlisted: { percent: 2 } },
  tell: ([reply]) => {
    const answer = modelIn(reply, IP_ROUTES, ipRoutesModel)
    if (!answer.ok) return answer
    return {
      ok: true,
      state: inOrder(Object.entries(answer.state.vrfs).map(([vrf, { routes }]) => [vrf, tableState(routes)] as const)),
    }
  },
  describe: (before, after) =>
    namesIn(before, after).flatMap((vrf) => {
      const [was, is] = [entry(before, vrf) ?? NONE, entry(after, vrf) ?? NONE]
      const hosts = { subject: 'hosts', vrf, label: `host routes in ${vrf}` }
      if (was.unlisted !== undefined || is.unlisted !== undefined) {
        return compareQuantities(countsOf(was), countsOf(is), (type) => ({
          thing: { subject: type, vrf, label: `${type} routes in ${vrf}` },
          attribute: 'unlisted',
        }))
      }
      return [
        ...compareRecords(was.routes, is.routes, {
          thing: (prefix) => ({ subject: prefix, vrf, label: `route ${prefix} in ${vrf}` }),
          added: (route) => ` added: ${route}`,
          removed: (route) => ` removed: was ${route}`,
          changed: routeChanges,
        }),
        ...became(hosts, 'hosts', [was.hosts, is.hosts]),
      ]
    }),
})

const NONE: RoutesState[string] = { routes: {}, hosts: 0 }

function tableState(shown: Readonly<Record<string, ShownRoute>>): RoutesState[string] {
  const all = Object.entries(shown)
  if (all.length > LISTED)
    return { routes: {}, hosts: 0, unlisted: countsBy(all.map(([, { routeType }]) => routeType)) }
  const listed = all.filter(([prefix, route]) => !isHost(prefix, route))
  const routes = listed.map(([prefix, route]) => [prefix, routeWords(route)] as const)
  // By code units: tens of thousands of prefixes are put in order, and only changes are shown.
  const sorted = routes.sort(([a], [b]) => (a < b ? -1 : 1))
  return { routes: Object.fromEntries(sorted), hosts: all.length - listed.length }
}

function isHost(prefix: string, { vias }: ShownRoute): boolean {
  return prefix.endsWith('/32') && vias.length > 0 && vias.every(({ vtepAddr }) => vtepAddr !== undefined)
}

function countsOf({ routes, hosts, unlisted }: RoutesState[string]): Readonly<Record<string, number>> {
  if (unlisted !== undefined) return unlisted
  const types = countsBy(Object.values(routes).map((words) => words.split(' ')[0] ?? ''))
  return hosts === 0 ? types : { ...types, host: hosts }
}

function countsBy(types: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return inOrder(counts)
}
