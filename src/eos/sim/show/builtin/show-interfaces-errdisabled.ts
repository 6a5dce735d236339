import { shortName } from '../../converge/interface-name.ts'
import { defineShow } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

/** `show interfaces status errdisabled`: the ports that a fault has the switch take down. */
export const showInterfacesErrdisabled = defineShow({
  words: 'show interfaces status errdisabled',
  docs: 'Ports that the switch took down itself; the keys that ANTA reads.',
  json: ({ state }) => ({
    interfaceStatuses: Object.fromEntries(
      [...state.interfaces.values()]
        .filter(({ status }) => status === 'errdisabled')
        .map(
          ({ name, description, cause = 'unknown' }) =>
            [name, { description, status: 'errdisabled', causes: [cause] }] as const,
        ),
    ),
  }),
  text: ({ state }) => {
    const rows = [...state.interfaces.values()]
      .filter(({ status }) => status === 'errdisabled')
      .map(({ name, description, cause = 'unknown' }) => [shortName(name), description, 'errdisabled', cause])
    return [['Port', 'Name', 'Status', 'Reason'], ...rows].map((cells) => `${columns(cells, WIDTHS)}\n`).join('')
  },
})

const WIDTHS = [10, 20, 14] as const
