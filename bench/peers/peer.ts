import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILT } from '../../test/lab/checkout.ts'

/** The folder of the peers' environments, which `test/clients/install FOLDER` and `bench/peers/install FOLDER` make. */
const CLIENTS = process.env.EOSFLOW_CLIENTS ?? ''
const PYTHON = join(CLIENTS, 'python/bin/python')
const COLLECTIONS = join(CLIENTS, 'avd/collections')
const AVD = join(COLLECTIONS, 'ansible_collections/arista/avd')

/** A way to a switch. */
export type Way = 'eAPI' | 'SSH'

/** What a tool does of the safe change: yes, no, or in words. */
export interface Abilities {
  readonly diff: string
  readonly timer: string
  readonly checks: string
  readonly confirm: string
  readonly rollback: string
  readonly save: string
  readonly readBack: string
}

/** A tool that makes the change. Its commands run in the folder that `writeProject` fills. */
export interface Peer {
  readonly name: string
  readonly way: Way
  readonly abilities: Abilities
  /** What it needs and is not there, in words; undefined when all is there. */
  missing(): string | undefined
  /** What it is made of, with versions. */
  versions(): string
  /** Program and arguments of each of its commands, in their order. A command may be made of what the one before has written. */
  readonly commands: readonly ((dir: string) => readonly string[])[]
  readonly env?: Readonly<Record<string, string>>
}

const EOSFLOW: Abilities = {
  diff: 'yes, and approved: nothing else is sent',
  timer: 'yes',
  checks: 'yes, each over a new login',
  confirm: 'yes',
  rollback: 'yes, all switches together, and read back; by the timer where the client dies',
  save: 'yes',
  readBack: 'yes, all of it is compared',
}

const BY_HAND = 'written by hand here'

const ANSIBLE_ABILITIES: Abilities = {
  diff: 'yes, in check mode',
  timer: 'no',
  checks: BY_HAND,
  confirm: 'no',
  rollback: 'from a backup, written by hand here; not where the client dies',
  save: 'yes',
  readBack: BY_HAND,
}

const eosflow = (way: Way): Peer => {
  const folder = `eosflow-${way.toLowerCase()}`
  const command = (dir: string, ...argv: readonly string[]): readonly string[] => [
    process.execPath,
    BUILT,
    '--project',
    join(dir, folder),
    ...argv,
  ]
  const plan = (dir: string): string => join(dir, folder, 'peers.plan')
  return {
    name: 'eosflow',
    way,
    abilities: EOSFLOW,
    missing: () => undefined,
    versions: () => `eosflow ${said(process.execPath, BUILT, '--version')} on Node ${process.version.slice(1)}`,
    commands: [
      (dir) => command(dir, 'plan', join(dir, folder, 'peers.yaml'), '-o', plan(dir)),
      (dir) => command(dir, 'approve', plan(dir), '--digest', digestOf(plan(dir))),
      (dir) => command(dir, 'run', plan(dir)),
    ],
  }
}

function digestOf(plan: string): string {
  return (JSON.parse(readFileSync(plan, 'utf8')) as { readonly digest: string }).digest
}

const inPython = (program: string, packages: readonly string[]): Pick<Peer, 'missing' | 'versions' | 'commands'> => ({
  missing: () => absent(PYTHON) ?? unknownTo(PYTHON, packages),
  versions: () => versionsOf(PYTHON, packages),
  commands: [() => [PYTHON, here(program)]],
})

/** `environment`: that of Ansible as it is today, or the older one that the collection of AVD asks for. */
const inAnsible = (
  environment: 'ansible' | 'avd',
  inventory: string,
  play: string,
): Pick<Peer, 'missing' | 'versions' | 'commands' | 'env'> => {
  const bin = join(CLIENTS, environment, 'bin')
  const [python, playbook] = [join(bin, 'python'), join(bin, 'ansible-playbook')]
  const packages = ['ansible-core', ...(inventory === 'network_cli.json' ? ['ansible-pylibssh'] : [])]
  return {
    missing: () => absent(playbook) ?? unknownTo(python, packages),
    versions: () => `${versionsOf(python, packages)}, ${collections(python)}`,
    commands: [() => [python, playbook, '-i', inventory, here(play)]],
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      ANSIBLE_COLLECTIONS_PATH: COLLECTIONS,
      ANSIBLE_HOST_KEY_CHECKING: 'False',
      // A switch that waits for all others behind each task loses its connection. Over network_cli some switches fail in their first task this way.
      ANSIBLE_STRATEGY: inventory === 'httpapi.json' ? 'host_pinned' : 'linear',
      // How long network_cli listens on behind each prompt.
      ANSIBLE_PERSISTENT_BUFFER_READ_TIMEOUT: '0.01',
      ANSIBLE_RETRY_FILES_ENABLED: '0',
    },
  }
}

const AVD_ROLE = inAnsible('avd', 'avd.json', 'avd.yml')

/** The tools that are compared, eosflow first. The first of pyeapi is the floor. */
export const PEERS: readonly Peer[] = [
  eosflow('eAPI'),
  eosflow('SSH'),
  {
    name: 'pyeapi, raw',
    way: 'eAPI',
    abilities: {
      diff: 'yes',
      timer: BY_HAND,
      checks: BY_HAND,
      confirm: BY_HAND,
      rollback: 'written by hand here, each switch by itself; by the timer where the client dies',
      save: BY_HAND,
      readBack: BY_HAND,
    },
    ...inPython('pyeapi_raw.py', ['pyeapi']),
  },
  {
    name: 'NAPALM with Nornir',
    way: 'eAPI',
    abilities: {
      diff: 'yes',
      timer: 'yes',
      checks: BY_HAND,
      confirm: 'yes',
      rollback: 'yes, each switch by itself; by the timer where the client dies',
      save: 'yes',
      readBack: BY_HAND,
    },
    ...inPython('napalm_nornir.py', ['napalm', 'nornir', 'nornir_napalm', 'pyeapi']),
  },
  {
    name: 'scrapli_cfg',
    way: 'SSH',
    abilities: {
      diff: 'yes',
      timer: 'no',
      checks: BY_HAND,
      confirm: 'no',
      rollback: 'written by hand here; not where the client dies',
      save: 'yes, with the commit, before the checks',
      readBack: BY_HAND,
    },
    ...inPython('scrapli_cfg_ssh.py', ['scrapli', 'scrapli_cfg', 'asyncssh']),
  },
  {
    name: 'Ansible, httpapi',
    way: 'eAPI',
    abilities: ANSIBLE_ABILITIES,
    ...inAnsible('ansible', 'httpapi.json', 'ansible.yml'),
  },
  {
    name: 'Ansible, network_cli',
    way: 'SSH',
    abilities: ANSIBLE_ABILITIES,
    ...inAnsible('ansible', 'network_cli.json', 'ansible.yml'),
  },
  {
    name: "AVD's deploy role",
    way: 'eAPI',
    abilities: {
      diff: 'no',
      timer: 'no',
      checks: 'no: another role',
      confirm: 'no',
      rollback: 'no',
      save: 'yes',
      readBack: 'yes, into a file',
    },
    ...AVD_ROLE,
    missing: () => AVD_ROLE.missing() ?? absent(join(AVD, 'roles/eos_config_deploy_eapi')),
    versions: () => `arista.avd ${versionOf(join(AVD, 'MANIFEST.json'))}, ${AVD_ROLE.versions()}`,
  },
]

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

function absent(path: string): string | undefined {
  if (CLIENTS === '') return 'EOSFLOW_CLIENTS names no folder with it'
  return existsSync(path) ? undefined : `${path} is not there`
}

function unknownTo(python: string, packages: readonly string[]): string | undefined {
  return versionsOf(python, packages).startsWith(packages[0] ?? '')
    ? undefined
    : `${python} has not all of ${packages.join(', ')}`
}

function said(program: string, ...argv: readonly string[]): string {
  return spawnSync(program, argv, { encoding: 'utf8' }).stdout.trim()
}

function versionsOf(python: string, packages: readonly string[]): string {
  const ask = 'import sys, importlib.metadata as m; print(", ".join(n + " " + m.version(n) for n in sys.argv[1:]))'
  return `${said(python, '-c', ask, ...packages)} on ${said(python, '--version')}`
}

function versionOf(manifest: string): string {
  return /"version": "([^"]+)"/.exec(readFileSync(manifest, 'utf8'))?.[1] ?? 'of no version'
}

function collections(python: string): string {
  const ask = 'import ansible_collections as a; print(list(a.__path__)[0])'
  const folder = said(python, '-c', ask)
  const of = (name: string): string => `${name} ${versionOf(join(folder, name.replace('.', '/'), 'MANIFEST.json'))}`
  return `${of('arista.eos')}, ${of('ansible.netcommon')}`
}
