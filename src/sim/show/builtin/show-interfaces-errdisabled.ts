import { shortName } from '../../converge/interface-name.ts'
import { defineShow } from '../define.ts'
import { columns } from '../text-format.ts'

/** `show interfaces status errdisabled`: nothing that is simulated disables a port, so the list is empty. */
export const showInterfacesErrdisabled = defineShow({
  words: 'show interfaces status errdisabled',
  docs: 'Ports that the switch took down itself; the keys that ANTA reads.',
  json: ({ state }) => ({
    interfaceStatuses: Object.fromEntries(
      [...state.interfaces.values()]
        .filter(({ status }) => status === 'errdisabled')
        .map(({ name, description }) => [name, { description, status: 'errdisabled', causes: ['unknown'] }] as const),
    ),
  }),
  text: ({ state }) => {
    const rows = [...state.interfaces.values()]
      .filter(({ status }) => status === 'errdisabled')
      .map(({ name, description }) => [shortName(name), description, 'errdisabled', 'unknown'])
    return [['Port', 'Name', 'Status', 'Reason'], ...rows].map((cells) => `${columns(cells, WIDTHS)}\n`).join('')
  },
})

const WIDTHS = [10, 20, 14] as const
