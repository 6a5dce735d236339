import { z } from 'zod'
import { interfacesMtuAnswer, SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeMtu, mtuInputs } from './expected-mtu.ts'

/** Kinds that no catalog needs to name (ANTA documentation). */
const IGNORED = ['Dps', 'Fabric', 'Loopback', 'Management', 'Recirc-Channel', 'Tunnel', 'Vlan', 'Vxlan']

/** The bridged interfaces have the MTU that is given. */
export const verifyL2Mtu = defineVerify({
  name: 'VerifyL2MTU',
  summary: 'Verifies the layer 2 MTU of bridged interfaces.',
  docs: 'Passes when every bridged interface that is not ignored has the MTU given for it, or else the one given for all.',
  example: {
    mtu: 9214,
    ignored_interfaces: ['Ethernet2/1', 'Port-Channel'],
    specific_mtu: [{ 'Ethernet1/1': 1500 }],
  },
  input: () => z.strictObject(mtuInputs(9214, IGNORED)),
  commands: () => [SHOW_INTERFACES],
  answers: () => [interfacesMtuAnswer()],
  judge: (input, [{ interfaces }]) => judgeMtu(input, interfaces, 'bridged'),
})
