import { z } from 'zod'
import { ownMember } from '../../../model/defined-members.ts'
import { type OutputOf, recordOf } from '../answer/show.ts'
import { became, compareQuantities, compareRecords, countsOf, namesIn, type StateChange } from '../finding/compare.ts'
import { eachOf, inOrder } from './define-area.ts'
import { routeChanges, routeWords, type ShownRoute } from './show-ip-route.ts'

export const LISTED = 20_000

export const tablesState = () =>
  recordOf(
    z.strictObject({
      routes: recordOf(z.string()),
      hosts: z.int(),
      unlisted: recordOf(z.int()).exactOptional(),
    }),
  )

export type RoutingTables = OutputOf<typeof tablesState>

export function tablesOf(
  vrfs: Readonly<Record<string, { readonly routes: Readonly<Record<string, ShownRoute>> }>>,
): RoutingTables {
  return eachOf(vrfs, ({ routes }) => tableState(routes))
}

export function tableChanges(before: RoutingTables, after: RoutingTables): readonly StateChange[] {
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
