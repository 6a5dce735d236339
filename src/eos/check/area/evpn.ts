import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { compareQuantities, countsOf } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'
import { isBgpInactive } from './show-bgp-summary.ts'

// `show bgp evpn`: routes by their key, each with its type (recorded from 4.23 and 4.36).
const COMMAND = show('show bgp evpn', () => ({
  evpnRoutes: recordOf({ routeKeyDetail: z.object({ nlriType: z.string() }) }),
}))

const state = () => recordOf(z.int())

export const evpnArea = defineArea({
  name: 'evpn',
  docs: 'How many EVPN routes there are of each type: imet, ip-prefix, mac-ip, …',
  asks: [COMMAND],
  state,
  tolerances: { 'mac-ip': { percent: 10 }, 'ip-prefix': { percent: 2 } },
  tell: ([reply]) => {
    if (isBgpInactive(reply)) return {}
    const routes = Object.values(answerOf(reply, COMMAND).evpnRoutes)
    return inOrder(countsOf(routes.map(({ routeKeyDetail }) => routeKeyDetail.nlriType)))
  },
  describe: (before, after) =>
    compareQuantities(before, after, (type) => ({
      thing: { subject: type, label: `EVPN ${type} routes` },
      attribute: type,
    })),
})
