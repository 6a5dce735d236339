import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigNode, ConfigTree } from '../../../config/text/tree.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show bgp instance`: what each VRF redistributes (revision 4, ANTA). */
export const showBgpInstance = defineShow({
  words: 'show bgp instance [vrf <vrf>]',
  docs: 'BGP of each VRF with what it redistributes; the keys that ANTA reads (revision 4).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      selectedVrfs(context.state.bgp, args).map(([name, vrf]) => [
        name,
        {
          vrf: name,
          routerId: vrf.routerId,
          asn: vrf.asn,
          numPeers: vrf.peers.size,
          afiSafiConfig: { v4u: { redistributedRoutes: redistributed(context, name) } },
        },
      ]),
    ),
  }),
})

const PROTOCOL: Readonly<Record<string, string>> = {
  connected: 'Connected',
  static: 'Static',
  ospf: 'OSPF Internal',
  'attached-host': 'AttachedHost',
  dhcp: 'DHCP',
}

function redistributed({ running }: ShowContext, vrf: string): readonly JsonObject[] {
  return linesOf(running, vrf).flatMap((line) => {
    const [, source = '', leaked, routeMap] =
      /^redistribute (\S+)(?: match \S+)?( include leaked)?(?: route-map (\S+))?$/.exec(line) ?? []
    if (source === '') return []
    const named = { proto: PROTOCOL[source] ?? source, ...(routeMap === undefined ? {} : { routeMap }) }
    return [leaked === undefined ? named : { ...named, includeLeaked: true }]
  })
}

function linesOf(running: ConfigTree, vrf: string): readonly string[] {
  const block = running.children.find(({ line }) => line.startsWith('router bgp '))
  const own = vrf === 'default' ? block : block?.children.find(({ line }) => line === `vrf ${vrf}`)
  const family = own?.children.find(({ line }) => /^address-family ipv4( unicast)?$/.test(line))
  return [own, family].flatMap((node: ConfigNode | undefined) => node?.children.map(({ line }) => line) ?? [])
}
