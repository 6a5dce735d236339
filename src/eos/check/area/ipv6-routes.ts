import { z } from 'zod'
import { show } from '../answer/show.ts'
import { answerOf, defineArea } from './define-area.ts'
import { LISTED, tableChanges, tablesOf, tablesState } from './routing-tables.ts'
import { ipRoutesModel, routesModel } from './show-ip-route.ts'

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
