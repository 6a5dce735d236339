import { shortName } from '../../converge/interface-name.ts'
import type { MlagInterfaceState } from '../../converge/network-state.ts'
import { defineShow } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

const WIDTHS = [6, 14, 14, 7, 7, 12] as const

/** `show mlag interfaces`. The text form follows the EOS manual, Multi-Chassis Link Aggregation. */
export const showMlagInterfaces = defineShow({
  words: 'show mlag interfaces',
  docs: 'The MLAG port-channels at both switches; suzieq (JSON of 4.23).',
  json: ({ state }) => ({
    interfaces: Object.fromEntries(
      state.mlag.interfaces.map((port) => [
        String(port.id),
        {
          localInterface: port.localInterface,
          localInterfaceStatus: upDown(port.localUp),
          peerInterface: port.peerInterface,
          peerInterfaceStatus: port.peerInterface === '' ? 'unknown' : upDown(port.peerUp),
          status: port.status,
        },
      ]),
    ),
  }),
  text: ({ state }) => {
    const rows = state.mlag.interfaces.map((port) => row(port, state.interfaces.get(port.localInterface)?.description))
    const head = ['mlag', 'desc', 'state', 'local', 'remote', 'local/remote']
    return [head, ...rows].map((cells) => `${columns(cells, WIDTHS)}\n`).join('')
  },
})

function row(port: MlagInterfaceState, description = ''): readonly string[] {
  const states = `${upDown(port.localUp)}/${upDown(port.peerUp)}`
  const remote = port.peerInterface === '' ? '-' : shortName(port.peerInterface)
  return [String(port.id), description.slice(0, 14), port.status, shortName(port.localInterface), remote, states]
}

function upDown(up: boolean): string {
  return up ? 'up' : 'down'
}
