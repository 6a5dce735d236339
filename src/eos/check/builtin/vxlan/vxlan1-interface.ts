import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import type { Verdict } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'

/** The only VXLAN interface that EOS has (EOS manual, "VXLAN"). */
export const VXLAN1 = 'Vxlan1'

/** The verdict on a switch that has no VXLAN interface. */
export const VXLAN1_NOT_CONFIGURED: Verdict = { status: 'skip', reason: `Interface: ${VXLAN1} - Not configured` }

/** What `show interfaces` tells of the VXLAN interface. */
export const vxlan1Answer = once(() =>
  z.object({
    interfaces: byName(
      z.looseObject({
        srcIpIntf: z.string().optional(),
        udpPort: z.number().optional(),
        vArpVtepAddr: z.string().optional(),
        vArpVtepAddrV6: z.string().optional(),
      }),
    ).optional(),
  }),
)

/** What the switch shows of the VXLAN interface; undefined where there is none, or it shows nothing of it. */
export function vxlan1In({ interfaces }: z.output<ReturnType<typeof vxlan1Answer>>) {
  const vxlan1 = interfaces?.get(VXLAN1)
  return vxlan1 === undefined || Object.keys(vxlan1).length === 0 ? undefined : vxlan1
}
