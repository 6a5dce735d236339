import { answerOf, defineArea } from './define-area.ts'
import { LISTED, tableChanges, tablesOf, tablesState } from './routing-tables.ts'
import { IP_ROUTES } from './show-ip-route.ts'

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
