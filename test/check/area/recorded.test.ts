import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bgpArea } from '../../../src/check/area/bgp.ts'
import { interfacesArea } from '../../../src/check/area/interfaces.ts'
import { lldpArea } from '../../../src/check/area/lldp.ts'
import { mlagArea } from '../../../src/check/area/mlag.ts'
import { portchannelArea } from '../../../src/check/area/portchannel.ts'
import { vlanArea } from '../../../src/check/area/vlan.ts'
import type { Json } from '../../../src/model/json.ts'
import { reply } from '../check-table.ts'

const samples = new URL('../../../../shared/eos-samples/show-json/', import.meta.url)
const recorded = (file: string): Json => JSON.parse(readFileSync(new URL(file, samples), 'utf8'))

describe.skipIf(!existsSync(samples))('answers recorded from switches (needs ../shared beside the checkout)', () => {
  test.each([
    [interfacesArea, ['pyntc_show_interfaces_status.json'], 'Ethernet8.link', 'connected'],
    [bgpArea, ['show_bgp_summary_vrf_all.json', 'show_ip_bgp_summary_vrf_all.json'], 'DEV/10.1.254.1', 'Idle'],
    [lldpArea, ['show_lldp_neighbors.json'], 'Ethernet2', 'precise64'],
    [mlagArea, ['show_mlag_detail_4.23.json', 'show_mlag_interfaces_4.23.json'], '4', 'active-full'],
    [vlanArea, ['show_vlan.json'], '10', 'VLAN0010'],
    [vlanArea, ['show_vlan_brief_4.23.json'], '1006', 'VLAN1006'],
    [portchannelArea, ['show_port-channel.json'], 'Port-Channel5', 'PeerEthernet4'],
  ] as const)('%#: $0.name of $1', (area, files, key, word) => {
    const state = JSON.stringify(area.read(files.map((file) => reply(recorded(file)))))
    expect(state).not.toContain('unreadable')
    expect(state).toContain(`"${key.split(/[./]/)[0]}"`)
    expect(state).toContain(`"${word}"`)
  })

  test('of ribd: the older BGP command alone tells the peers', () => {
    expect(bgpArea.read([reply('Not supported'), reply(recorded('show_ip_bgp_summary_vrf_all.json'))])).toEqual({
      default: {
        '10.0.0.1': { state: 'Established', asn: '65002' },
        '10.0.0.3': { state: 'Active', asn: '65003' },
      },
    })
  })
})
