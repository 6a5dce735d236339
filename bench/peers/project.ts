import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pods } from '../../test/soak/pods.ts'
import type { PeerSwitch } from './switches.ts'

const HOST = '127.0.0.1'
const LOGIN = { username: 'admin', password: 'admin' }
/** Lines of the change, as they are in a configuration. */
const CHANGE = ['vlan 998', '   name TESTED']

/** The change as eosflow is given it: the VLAN is looked at before and behind, as every peer does. */
const workflow = (width: number): string => `name: peers
targets: '*'
change: { mode: merge, lines: [vlan 998, '   name TESTED'] }
rollout: { waves: ['100%'], concurrency: ${width} }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 60s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [998] } }] }
  - confirm
`

/** What every peer needs in its folder: the switches in the form that it reads. */
export function writeProject(dir: string, switches: readonly PeerSwitch[], width: number): void {
  const write = (path: string, content: string | object): void =>
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content))
  for (const folder of ['eosflow-eapi', 'eosflow-ssh', 'backup', 'intended/configs', '.ssh']) {
    mkdirSync(join(dir, folder), { recursive: true })
  }
  write(
    'switches.json',
    switches.map(({ name, http, ssh }) => ({ name, host: HOST, http, ssh, ...LOGIN })),
  )
  write('.ssh/known_hosts', switches.map(({ ssh, hostKey }) => `[${HOST}]:${ssh} ${hostKey}\n`).join(''))
  writeNornir(write, switches)
  writeAnsible(write, switches)
  for (const way of ['eapi', 'ssh'] as const) {
    write(`eosflow-${way}/eosflow.yaml`, 'version: 1\n')
    write(`eosflow-${way}/peers.yaml`, workflow(width))
    write(`eosflow-${way}/inventory.yaml`, eosflowInventory(switches, way))
  }
  for (const { name, config } of pods(switches.length).flatMap(({ devices }) => devices)) {
    write(`intended/configs/${name}.cfg`, config.replace(/^!\nmanagement api/m, `!\n${CHANGE.join('\n')}\n$&`))
  }
}

type Write = (path: string, content: string | object) => void

function writeNornir(write: Write, switches: readonly PeerSwitch[]): void {
  const host = ({ http }: PeerSwitch): object => ({
    hostname: HOST,
    ...LOGIN,
    platform: 'eos',
    connection_options: { napalm: { extras: { optional_args: { transport: 'http', port: http } } } },
  })
  write('hosts.yaml', Object.fromEntries(switches.map((one) => [one.name, host(one)])))
}

function writeAnsible(write: Write, switches: readonly PeerSwitch[]): void {
  const vars = {
    ansible_host: HOST,
    ansible_user: LOGIN.username,
    ansible_password: LOGIN.password,
    ansible_network_os: 'arista.eos.eos',
    ansible_become: true,
    ansible_become_method: 'enable',
  }
  const inventory = (connection: object, port: (one: PeerSwitch) => object): object => ({
    all: { vars: { ...vars, ...connection }, hosts: Object.fromEntries(switches.map((one) => [one.name, port(one)])) },
  })
  const httpapi = { ansible_connection: 'ansible.netcommon.httpapi', ansible_httpapi_use_ssl: false }
  write(
    'httpapi.json',
    inventory(httpapi, ({ http }) => ({ ansible_port: http, ansible_httpapi_port: http })),
  )
  const networkCli = { ansible_connection: 'ansible.netcommon.network_cli', ansible_network_cli_ssh_type: 'libssh' }
  write(
    'network_cli.json',
    inventory(networkCli, ({ ssh }) => ({ ansible_port: ssh })),
  )
  // The role does not compare versions of Python's packages: it needs none of them for a configuration that is made.
  write(
    'avd.json',
    inventory({ ...httpapi, avd_verify_requirements: false }, ({ http }) => ({
      ansible_port: http,
      ansible_httpapi_port: http,
    })),
  )
}

function eosflowInventory(switches: readonly PeerSwitch[], way: 'eapi' | 'ssh'): object {
  const host = ({ http, ssh, fingerprint }: PeerSwitch): object =>
    way === 'eapi'
      ? { host: HOST, port: http, protocol: 'http' }
      : { host: HOST, port: ssh, transport: 'ssh', ssh: { hostKey: fingerprint } }
  return {
    defaults: { credentials: 'sim' },
    credentials: { sim: { ...LOGIN, simulated: true } },
    devices: Object.fromEntries(switches.map((one) => [one.name, host(one)])),
  }
}
