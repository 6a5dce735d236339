import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { became, type StateChange, type Thing } from '../finding/compare.ts'

export const routesModel = () =>
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

/** `show ip route vrf all` (docs/eos.md 6.2; recorded from 4.18 to 4.36). */
export const ipRoutesModel = () => z.object({ vrfs: recordOf({ routes: routesModel() }) })

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
