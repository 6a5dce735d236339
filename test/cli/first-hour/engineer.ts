import { typeOn } from '../../lab/type-on.ts'
import type { Hour } from './hour.ts'
import type { Mistake } from './mistake.ts'

const NTP = 'workflows/ntp.yaml'
const PLAN = `plan ${NTP} -p server=198.51.100.13`
const RUN = `run ${NTP} -p server=198.51.100.13`

/** Plans README's workflow with something else in it. */
const planWith =
  (from: string | RegExp, to: string) =>
  async (hour: Hour): Promise<void> => {
    hour.edit(NTP, from, to)
    await hour.types(PLAN)
  }

const types =
  (command: string) =>
  (hour: Hour): Promise<void> =>
    hour.types(command)

/** The mistakes of an engineer, by their id. */
export const ENGINEER: Readonly<Record<string, Mistake>> = {
  e01: { rating: 3, make: types(`pln ${NTP} -p server=198.51.100.13`) },
  e02: { rating: 3, make: types(`plan ${NTP} --parm server=198.51.100.13`) },
  e03: { rating: 3, make: types(`plan ${NTP}`) },
  e04: { rating: 3, make: types(`plan ${NTP} -p server=198.51.100.300`) },
  e05: { rating: 3, make: types(`plan ${NTP} -p sever=198.51.100.13`) },
  e06: { rating: 3, make: types('plan workflow/ntp.yaml -p server=198.51.100.13') },
  e07: { rating: 3, make: (hour) => hour.types(PLAN, { cwd: '..' }) },
  e08: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', /port: 1820(\d)/g, 'port: $1')
      await hour.types(PLAN, { real: true })
    },
  },
  e09: { rating: 3, make: types('sim start fabrics/dc2') },
  e10: {
    rating: 3,
    make: async (hour) => {
      const port = await hour.occupies(18_101)
      hour.edit('inventory.yaml', '18101', String(port))
      await hour.types('sim start fabrics/dc1', { real: true })
    },
  },
  e11: { rating: 3, make: planWith('  server:', '\tserver:') },
  e12: { rating: 3, make: planWith('targets:', 'target:') },
  e13: { rating: 3, make: planWith('- verify:', '- verfiy:') },
  e14: { rating: 3, make: planWith('bgp-established', 'bgp-establised') },
  e15: { rating: 3, make: planWith('leaf1 or leaf2', 'leaf1 or leaf9') },
  e16: { rating: 3, make: planWith('leaf1 or leaf2', 'role:laef') },
  e17: { rating: 3, make: planWith('{{ server }}', '{{ sever }}') },
  e18: { rating: 3, make: planWith('within: 1m', 'within: 1 minute') },
  e19: { rating: 2, make: planWith(/lines: .*/, "lines: ['interface Ethernet1', '   descripton {{ server }}'] }") },
  e20: { rating: 3, make: planWith('  - approve\n', '') },
  e21: {
    rating: 3,
    make: async (hour) => {
      hour.edit(NTP, /( {2}- verify.*\n)( {2}- confirm\n)/, '$2$1')
      await hour.types(PLAN)
    },
  },
  e22: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', '18201', String(await hour.refusesLogins(18_201)))
      hour.edit('inventory.yaml', '18202', String(await hour.refusesLogins(18_202)))
      hour.edit('inventory.yaml', 'password: admin', 'password: wrong')
      await hour.types(PLAN, { real: true })
    },
  },
  e23: {
    rating: 3,
    make: async (hour) => {
      hour.append('inventory.yaml', '  leaf1: { host: 127.0.0.1, port: 18299 }\n')
      await hour.types(PLAN)
    },
  },
  e24: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', 'credentials: simulated }', 'credentials: operator }')
      hour.edit(
        'inventory.yaml',
        '  simulated: { username: admin, password: admin, simulated: true }',
        "  operator: { username: ann, password: '${env:EOSFLOW_RW}' }",
      )
      hour.edit('inventory.yaml', /port: 1820(\d)/g, 'port: $1')
      await hour.types(PLAN, { real: true, env: { EOSFLOW_RW: 'not-the-one' } })
    },
  },
  e25: { rating: 3, make: (hour) => hour.types('init my-network', { cwd: '..' }) },
  e26: { rating: 3, make: (hour) => hour.types(RUN, { answers: ['y', 'yes'] }) },
  e27: { rating: 3, make: types(RUN) },
  e28: { rating: 3, make: (hour) => hour.types(RUN, { interrupted: true }) },
  e29: {
    rating: 3,
    make: async (hour) => {
      await hour.prepares(`${PLAN} -o ntp.plan`)
      await hour.prepares('approve ntp.plan')
      await typeOn(hour.lab.fabric.device('leaf1'), 'configure', 'ntp server vrf MGMT 192.0.2.1', 'end', 'write')
      await hour.types('run ntp.plan')
    },
  },
  e30: {
    rating: 3,
    make: async (hour) => {
      const said = await hour.prepares(RUN, { answers: ['yes'] })
      const [, id = ''] = /Next: eosflow show (\S+)/.exec(said) ?? []
      await hour.prepares(`rollback ${id}`, { answers: ['yes'] })
      await hour.types(`rollback ${id}`, { answers: ['yes'] })
    },
  },
}
