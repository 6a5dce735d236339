import { createServer } from 'node:net'
import { listenInTest } from '../../lab/listen.ts'
import type { AtDesk, Desk, Mistake } from './desk.ts'
import { INVENTORY } from './project.ts'

const NTP = ['plan', 'workflows/ntp.yaml', '-p', 'server=192.0.2.9']
const N5 = 'N5'

/** Types a command with something else in the inventory. Throws where nothing is replaced. */
const inInventory = (
  title: string,
  from: string | RegExp,
  to: string,
  { row, argv = ['validate'], at }: { row?: string; argv?: readonly string[]; at?: AtDesk } = {},
): Mistake => ({
  title,
  ...(row === undefined ? {} : { row }),
  make: async (desk) => {
    const text = INVENTORY.replace(from, () => to)
    if (text === INVENTORY) throw new Error(`nothing is replaced: ${title}`)
    desk.write({ 'inventory.yaml': text })
    await desk.types(argv, at)
  },
})

/** Mistakes in the files of a project beside its workflows. */
export const OF_INVENTORIES: readonly Mistake[] = [
  inInventory('a switch stands twice in the inventory', '  leaf2:', '  leaf1:'),
  inInventory('a port is a word', 'port: 11', 'port: eapi'),
  inInventory('the credentials have another name', 'credentials: simulated }', 'credentials: lab }'),
  inInventory('a key of a switch is misspelt', '  leaf1: { host:', '  leaf1: { hots:'),
  inInventory('the password is written into the file', 'admin, simulated: true', 'Secret-42-Word', { argv: NTP }),
  inInventory(
    'the variable with the password is not set',
    'password: admin, simulated: true',
    "password: '${env:EOSFLOW_RW}'",
    {
      row: N5,
      argv: NTP,
    },
  ),
  {
    title: 'a vars file of Ansible holds a short password that eosflow does not use',
    row: N5,
    make: async (desk) => {
      desk.write({
        'hosts.ini': '[LEAFS]\nleaf1\nleaf2\nleaf3\nleaf4\n',
        'group_vars/all.yaml': 'ansible_user: admin\nansible_password: admin\nansible_network_os: eos\n',
        'inventory.yaml': INVENTORY.replace('version: 1\n', 'version: 1\nsources: [{ ansible: hosts.ini }]\n'),
      })
      await desk.types(['inventory', 'show', 'leaf1'])
    },
  },
  {
    title: 'a key of the settings is misspelt',
    make: async (desk) => {
      desk.write({ 'eosflow.yaml': 'version: 1\ninventroy: inventory.yaml\n' })
      await desk.types(['validate'])
    },
  },
  {
    title: 'the inventory is not where the settings say',
    make: async (desk) => {
      desk.write({ 'eosflow.yaml': 'version: 1\ninventory: inventory.yml\n' })
      await desk.types(NTP)
    },
  },
  {
    title: 'two workflows have one name',
    row: N5,
    make: async (desk) => {
      desk.copyFabric()
      desk.write({ 'workflows/ntp-copy.yaml': desk.read('workflows/ntp.yaml') })
      await desk.types(['validate'])
    },
  },
  {
    title: 'the policy names an act that there is not',
    make: async (desk) => {
      desk.copyFabric()
      desk.write({
        'policy.yaml': 'version: 1\nrules: [{ id: change, allow: [task.psuh], to: ["kind:person"] }]\n',
      })
      await desk.types(['validate'])
    },
  },
]

/** Has another program listen on a free port of this machine, which the text shows as one that a person would have there. */
async function occupied(desk: Desk, shown: string): Promise<number> {
  const port = await listenInTest(createServer())
  desk.stands(port, shown)
  return port
}

/** Mistakes that show once a switch is asked, or a port is listened on. */
export const OF_SWITCHES: readonly Mistake[] = [
  {
    title: 'the simulated switches do not run',
    make: (desk) => desk.types(NTP, { real: true }),
  },
  inInventory('the password is another one', 'password: admin, simulated: true', "password: '${env:EOSFLOW_RW}'", {
    row: N5,
    argv: NTP,
    at: { env: { EOSFLOW_RW: 'not-the-right-one' } },
  }),
  {
    title: 'a switch refuses a line of the change',
    make: async (desk) => {
      desk.write({
        'workflows/ntp.yaml': desk.read('workflows/ntp.yaml').replace('ntp server vrf MGMT {{ server }}', 'ntp server'),
      })
      await desk.types(NTP)
    },
  },
  {
    title: 'the port of a simulated switch is taken by another program',
    row: N5,
    make: async (desk) => {
      const port = await occupied(desk, '25011')
      desk.copyFabric()
      desk.write({ 'inventory.yaml': INVENTORY.replace('port: 11', `port: ${port}`) })
      await desk.types(['sim', 'start', 'fabrics/dc1'], { real: true })
    },
  },
  {
    title: 'the fabric is not there',
    make: (desk) => desk.types(['sim', 'start', 'fabrics/dc2'], { real: true }),
  },
  {
    title: 'an execution is asked for that there is not',
    make: (desk) => desk.types(['show', '20261129-080000-1a2b3c4d']),
  },
  {
    title: 'the store is not there',
    make: (desk) => desk.types(['executions', '--store', 'old/store.db']),
  },
  {
    title: 'the store is a file of another kind',
    make: (desk) => desk.types(['executions', '--store', 'inventory.yaml']),
  },
]
