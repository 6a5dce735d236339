import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'
import { type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import {
  became,
  compareQuantities,
  compareRecords,
  countsOf,
  namesIn,
  type StateChange,
  type Thing,
} from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, inOrder } from './define-area.ts'

const routesModel = () =>
  recordOf({
    routeType: z.string(),
    routeAction: z.string().optional(),
    preference: z.int().optional(),
    metric: z.int().optional(),
    vias: z
      .array(
        partly({
          nexthopAddr: z.string(),
          interface: z.string(),
          vtepAddr: z.string(),
          vni: z.int(),
        }),
      )
      .default([]),
  })

// `show ip route vrf all` (docs/eos.md 6.2; recorded from 4.18 to 4.36).
const ipRoutesModel = () => z.object({ vrfs: recordOf({ routes: routesModel() }) })

/** The IPv4 routes of every VRF. */
export const IP_ROUTES = show('show ip route vrf all', ipRoutesModel, 4)

export type ShownRoute = OutputOf<typeof routesModel>[string]

/** `eBGP [200/0] via 10.0.0.1 Ethernet1, 10.0.0.3 Ethernet2`: much as EOS prints a route. */
export function routeWords({ routeType, routeAction = 'forward', preference, metric, vias }: ShownRoute): string {
  const cost = preference === undefined ? '' : ` [${preference}/${metric ?? 0}]`
  const action = routeAction === 'forward' ? '' : ` ${routeAction}`
  const hops = vias.map(hopWords)
  const via = hops.length === 0 ? '' : ` via ${hops.sort(natural).join(', ')}`
  return `${routeType}${cost}${action}${via}`
}

/** `10.0.0.1 Ethernet1`, or `VTEP 10.0.255.12 VNI 500`. */
export function hopWords({ nexthopAddr = '', interface: out = '', vtepAddr, vni }: ShownRoute['vias'][number]): string {
  return vtepAddr === undefined ? `${nexthopAddr} ${out}`.trim() : `VTEP ${vtepAddr} VNI ${vni ?? 0}`
}

export function routeChanges(route: Thing, was: string, is: string): readonly StateChange[] {
  const [change] = became(route, 'route', [was, is])
  if (change === undefined) return []
  const [[before, from], [after, to]] = [hopsOf(was), hopsOf(is)]
  const gone = from.filter((hop) => !to.includes(hop))
  const come = to.filter((hop) => !from.includes(hop))
  if (before !== after || (gone.length > 0 && come.length > 0)) return [change]
  const said = gone.length > 0 ? `lost ${gone.join(', ')}` : `gained ${come.join(', ')}`
  return [{ ...change, text: `${route.label} ${said}` }]
}

function hopsOf(words: string): readonly [route: string, hops: readonly string[]] {
  const [route = '', hops = ''] = words.split(' via ')
  return [route, hops === '' ? [] : hops.split(', ')]
}

const LISTED = 20_000

const tablesState = () =>
  recordOf(
    z.strictObject({
      routes: recordOf(z.string()),
      hosts: z.int(),
      unlisted: recordOf(z.int()).exactOptional(),
    }),
  )

type RoutingTables = OutputOf<typeof tablesState>

function tablesOf(
  vrfs: Readonly<Record<string, { readonly routes: Readonly<Record<string, ShownRoute>> }>>,
): RoutingTables {
  return eachOf(vrfs, ({ routes }) => tableState(routes))
}

function tableChanges(before: RoutingTables, after: RoutingTables): readonly StateChange[] {
  return namesIn(before, after).flatMap((vrf) => {
    const [was, is] = [ownMember(before, vrf) ?? NONE, ownMember(after, vrf) ?? NONE]
    const hosts = { subject: 'hosts', vrf, label: `host routes in ${vrf}` }
    if (was.unlisted !== undefined || is.unlisted !== undefined) {
      return compareQuantities(typesIn(was), typesIn(is), (type) => ({
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
  })
}

const NONE: RoutingTables[string] = { routes: {}, hosts: 0 }

function tableState(shown: Readonly<Record<string, ShownRoute>>): RoutingTables[string] {
  const all = Object.entries(shown)
  if (all.length > LISTED)
    return { routes: {}, hosts: 0, unlisted: countsBy(all.map(([, { routeType }]) => routeType)) }
  const listed = all.filter(([prefix, route]) => !isHost(prefix, route))
  const routes = listed.map(([prefix, route]) => [prefix, routeWords(route)] as const)
  // By code units: tens of thousands of prefixes are put in order, and only changes are shown.
  const sorted = routes.sort(([a], [b]) => (a < b ? -1 : 1))
  return { routes: Object.fromEntries(sorted), hosts: all.length - listed.length }
}

function isHost(prefix: string, { vias }: ShownRoute) {
  return /\/(32|128)$/.test(prefix) && vias.length > 0 && vias.every(({ vtepAddr }) => vtepAddr !== undefined)
}

function typesIn({ routes, hosts, unlisted }: RoutingTables[string]): Readonly<Record<string, number>> {
  if (unlisted !== undefined) return unlisted
  const types = countsBy(Object.values(routes).map((words) => words.split(' ')[0] ?? ''))
  return hosts === 0 ? types : { ...types, host: hosts }
}

function countsBy(types: readonly string[]) {
  return inOrder(countsOf(types))
}

// By VRF as IPv4 routes are, or those of the default VRF alone, as a revision of one VRF has them (docs/unproven.md).
const COMMAND = show('show ipv6 route vrf all', () => z.union([ipRoutesModel(), z.object({ routes: routesModel() })]))

/** The IPv6 routing tables, compared as those of IPv4 are. */
export const ipv6RoutesArea = defineArea({
  name: 'ipv6-routes',
  docs: `The IPv6 routes of every VRF: protocol, cost and next hops of every prefix; the routes of a VRF with more than ${LISTED.toLocaleString('en')} are counted only.`,
  asks: [COMMAND],
  state: tablesState,
  tolerances: { hosts: { percent: 10 }, unlisted: { percent: 2 } },
  tell: ([reply]) => {
    const answer = answerOf(reply, COMMAND)
    return tablesOf('vrfs' in answer ? answer.vrfs : { default: answer })
  },
  describe: tableChanges,
})

/** Host routes behind a VTEP come and go with the hosts, so they are counted; so are all routes of a VRF that has too many to list. */
export const routesArea = defineArea({
  name: 'routes',
  docs: `The IPv4 routes of every VRF: protocol, cost and next hops of every prefix. Host routes behind a VTEP, and the routes of a VRF with more than ${LISTED.toLocaleString('en')}, are counted only.`,
  asks: [IP_ROUTES],
  state: tablesState,
  tolerances: { hosts: { percent: 10 }, unlisted: { percent: 2 } },
  tell: ([reply]) => tablesOf(answerOf(reply, IP_ROUTES).vrfs),
  describe: tableChanges,
})
