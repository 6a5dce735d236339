import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { defineShow } from '../format/define.ts'
import { lineProtocolText } from '../format/interface-text.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'
import { columns } from '../format/text-format.ts'

const WIDTHS = [30, 14, 18] as const

/** `show interfaces description`. */
export const showInterfacesDescription = defineShow({
  words: 'show interfaces [<interface>] description',
  docs: 'The descriptions with the state; anta, ntc show_interfaces_description.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const interfaceDescriptions: Record<string, JsonObject> = {}
    for (const state of selectedInterfaces(context, args) ?? []) {
      interfaceDescriptions[state.name] = {
        interfaceStatus: statusOf(state),
        description: state.description,
        lineProtocolStatus: state.lineProtocol,
      }
    }
    return { interfaceDescriptions }
  },
  text: (context, args) => {
    const rows = (selectedInterfaces(context, args) ?? []).map((state) => [
      shortName(state.name),
      statusOf(state) === 'adminDown' ? 'admin down' : statusOf(state),
      lineProtocolText(state.lineProtocol),
      state.description,
    ])
    return [['Interface', 'Status', 'Protocol', 'Description'], ...rows]
      .map((cells) => `${columns(cells, WIDTHS)}\n`)
      .join('')
  },
})

function statusOf(state: InterfaceState): 'up' | 'down' | 'adminDown' {
  if (state.status === 'disabled') return 'adminDown'
  return state.lineProtocol === 'up' ? 'up' : 'down'
}
