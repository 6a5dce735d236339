import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { type OutputOf, recordOf } from '../answer/show.ts'
import { became, compareQuantities, countsOf, namesIn, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, inOrder } from './define-area.ts'
import { hopWords, IP_ROUTES, routeChanges, routeWords, type ShownRoute } from './show-ip-route.ts'

const state = () => recordOf(z.strictObject({ default: z.string(), over: recordOf(z.int()) }))

type Exits = OutputOf<typeof state>[string]

const DEFAULT = '0.0.0.0/0'

export const exitsArea = defineArea({
  name: 'exits',
  docs: 'Where traffic leaves every VRF: its IPv4 default route, and over which next hops how many of its other routes lead.',
  asks: [IP_ROUTES],
  state,
  tolerances: { routes: { percent: 20, by: 2 } },
  tell: ([reply]) => eachOf(answerOf(reply, IP_ROUTES).vrfs, ({ routes }) => exitsOf(routes)),
  describe: (before, after) =>
    namesIn(before, after).flatMap((vrf) => {
      const [was, is] = [ownMember(before, vrf) ?? NONE, ownMember(after, vrf) ?? NONE]
      const route = { subject: DEFAULT, vrf, label: `default route in ${vrf}` }
      return [
        ...defaultChanges(route, was.default, is.default),
        ...compareQuantities(was.over, is.over, (hop) => ({
          thing: { subject: hop, vrf, label: `routes over ${hop} in ${vrf}` },
          attribute: 'routes',
        })),
      ]
    }),
})

const NONE: Exits = { default: '', over: {} }

function exitsOf(routes: Readonly<Record<string, ShownRoute>>) {
  const vias = Object.entries(routes).flatMap(([prefix, route]) => (prefix === DEFAULT ? [] : route.vias))
  const hops = vias.filter(({ nexthopAddr = '', vtepAddr }) => nexthopAddr !== '' || vtepAddr !== undefined)
  const found = ownMember(routes, DEFAULT)
  return {
    default: found === undefined ? '' : routeWords(found),
    over: inOrder(countsOf(hops.map(hopWords))),
  }
}

function defaultChanges(route: Thing, was: string, is: string) {
  return was === '' || is === '' ? became(route, 'route', [was, is]) : routeChanges(route, was, is)
}
