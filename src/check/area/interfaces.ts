import { z } from 'zod'
import { became, compareRecords } from '../compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show interfaces status', revision: 1 }

/** `show interfaces status` (eos-reference 6). */
const Model = z.object({
  interfaceStatuses: z.record(
    z.string(),
    z.object({
      linkStatus: z.string(),
      bandwidth: z.int().optional(),
      duplex: z.string().optional(),
      vlanInformation: z.object({ interfaceMode: z.string().optional(), vlanId: z.int().optional() }).optional(),
    }),
  ),
})

const State = z.record(
  z.string(),
  z.strictObject({
    link: z.string(),
    mode: z.string(),
    vlan: z.int(),
    bandwidth: z.int(),
    duplex: z.string(),
  }),
)

/** Ports, management ports and port-channels by name. `vlan` is 0 where the port has none, `bandwidth` in bits per second. */
export type InterfacesState = z.output<typeof State>

/** What `show interfaces status` says of every port, without its description. */
export const interfacesArea = defineArea({
  name: 'interfaces',
  docs: 'Every port, management port and port-channel: link (connected, notconnect, disabled, errdisabled), mode, VLAN, bandwidth and duplex.',
  commands: [COMMAND],
  state: State,
  tell: ([reply]) => {
    const model = modelIn(reply, COMMAND, Model)
    if (!model.ok) return model
    const entries = Object.entries(model.state.interfaceStatuses).map(
      ([name, port]): [string, InterfacesState[string]] => [
        name,
        {
          link: port.linkStatus,
          mode: port.vlanInformation?.interfaceMode ?? '',
          vlan: port.vlanInformation?.vlanId ?? 0,
          bandwidth: port.bandwidth ?? 0,
          duplex: port.duplex ?? '',
        },
      ],
    )
    return { ok: true, state: inOrder(entries) }
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (name) => ({ subject: name, label: `interface ${name}` }),
      added: ({ link }) => ` added: ${link}`,
      removed: ({ link }) => ` removed: was ${link}`,
      changed: (port, was, is) => [
        ...became(port, 'link', [was.link, is.link]),
        ...became(port, 'mode', [was.mode, is.mode], { suffix: ' mode' }),
        ...became(port, 'vlan', [was.vlan, is.vlan], { suffix: ' VLAN', shown: vlanWord }),
        ...became(port, 'bandwidth', [was.bandwidth, is.bandwidth], { suffix: ' bandwidth', shown: bandwidthWord }),
        ...became(port, 'duplex', [was.duplex, is.duplex], { suffix: ' duplex' }),
      ],
    }),
})

function vlanWord(vlan: number): string {
  return vlan === 0 ? '' : String(vlan)
}

/** `25G`, `100M`: as EOS writes a speed. */
function bandwidthWord(bits: number): string {
  if (bits === 0) return ''
  return bits >= 1e9 ? `${bits / 1e9}G` : `${bits / 1e6}M`
}
