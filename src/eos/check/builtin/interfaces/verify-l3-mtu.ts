import { z } from 'zod'
import { interfacesMtuAnswer, SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeMtu, mtuInputs } from './expected-mtu.ts'

/** Kinds that no catalog needs to name (ANTA documentation). */
const IGNORED = ['Dps', 'Fabric', 'Loopback', 'Management', 'Recirc-Channel', 'Tunnel', 'Vxlan']

/** The routed interfaces have the MTU that is given. */
export const verifyL3Mtu = defineVerify({
  name: 'VerifyL3MTU',
  summary: 'Verifies the layer 3 MTU of routed interfaces.',
  docs: 'Passes when every routed interface that is not ignored has the MTU given for it, or else the one given for all.',
  example: {
    mtu: 1500,
    ignored_interfaces: ['Management', 'Ethernet2.100', 'Ethernet1/1'],
    specific_mtu: [{ Ethernet10: 9200 }],
  },
  input: () => z.strictObject(mtuInputs(1500, IGNORED)),
  commands: () => [SHOW_INTERFACES],
  answers: () => [interfacesMtuAnswer()],
  judge: (input, [{ interfaces }]) => judgeMtu(input, interfaces, 'routed'),
})
