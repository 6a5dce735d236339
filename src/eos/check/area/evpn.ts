import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { compareQuantities } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'
import { isBgpInactive } from './show-bgp-summary.ts'

const COMMAND = { cmd: 'show bgp evpn', revision: 1 }

// `show bgp evpn`: routes by their key, each with its type (recorded from 4.23 and 4.36).
const model = once(() =>
  z.object({ evpnRoutes: z.record(z.string(), z.object({ routeKeyDetail: z.object({ nlriType: z.string() }) })) }),
)

const state = once(() => z.record(z.string(), z.int()))

export const evpnArea = defineArea({
  name: 'evpn',
  docs: 'How many EVPN routes there are of each type: imet, ip-prefix, mac-ip, …',
  commands: [COMMAND],
  state,
  tolerances: { 'mac-ip': { percent: 10 }, 'ip-prefix': { percent: 2 } },
  tell: ([reply]) => {
    if (isBgpInactive(reply)) return { ok: true, state: {} }
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const counts = new Map<string, number>()
    for (const { routeKeyDetail } of Object.values(answer.state.evpnRoutes)) {
      counts.set(routeKeyDetail.nlriType, (counts.get(routeKeyDetail.nlriType) ?? 0) + 1)
    }
    return { ok: true, state: inOrder(counts) }
  },
  describe: (before, after) =>
    compareQuantities(before, after, (type) => ({
      thing: { subject: type, label: `EVPN ${type} routes` },
      attribute: type,
    })),
})
