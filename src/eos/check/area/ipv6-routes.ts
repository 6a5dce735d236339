import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { defineArea, modelIn } from './define-area.ts'
import { LISTED, tableChanges, tablesOf, tablesState } from './routing-tables.ts'
import { ipRoutesModel, routesModel } from './show-ip-route.ts'

const COMMAND = { cmd: 'show ipv6 route vrf all', revision: 1 }

// By VRF as IPv4 routes are, or those of the default VRF alone, as a revision of one VRF has them (docs/unproven.md).
const model = once(() => z.union([ipRoutesModel(), z.object({ routes: routesModel() })]))

/** The IPv6 routing tables, compared as those of IPv4 are. */
export const ipv6RoutesArea = defineArea({
  name: 'ipv6-routes',
  docs: `The IPv6 routes of every VRF: protocol, cost and next hops of every prefix; the routes of a VRF with more than ${LISTED.toLocaleString('en')} are counted only.`,
  commands: [COMMAND],
  state: tablesState,
  tolerances: { hosts: { percent: 10 }, unlisted: { percent: 2 } },
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const { state } = answer
    return { ok: true, state: tablesOf('vrfs' in state ? state.vrfs : { default: state }) }
  },
  describe: tableChanges,
})
