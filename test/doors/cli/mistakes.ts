import { cpSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { main } from '../../../src/doors/cli/program.ts'
import { shellWord } from '../../../src/report/shell-word.ts'
import {
  DC1,
  type Files,
  fileText,
  type Lab,
  listenInTest,
  openLab,
  ROOT,
  typed as runTyped,
  seamsOf,
  temporaryFolder,
  typeOn,
  whileTimePasses,
  wordsOf,
  writeFiles,
} from '../../lab/lab.ts'

const bundled = (path: string) => fileText(ROOT, path)

/** A workflow of a project's own: each mistake in a file is a replacement in it. Its lines have numbers that the golden text names. */
export const NTP = `name: ntp
description: Another time server for the leaves
params:
  server: { type: ipAddress, example: 192.0.2.1 }
targets: role:leaf
change:
  lines:
    - ntp server vrf MGMT {{ server }}
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 1m, stableFor: 10s, checks: [reachable, bgp-established] }
  - confirm
`

/** Its switches: those of `eosflow init`, at addresses that nothing listens at. */
export const INVENTORY = `version: 1
defaults: { protocol: http, credentials: simulated }
credentials:
  simulated: { username: admin, password: admin, simulated: true }
devices:
  spine1: { host: 127.0.0.1, port: 1, tags: { role: spine, asn: 65000, loopback: 10.0.250.1 } }
  spine2: { host: 127.0.0.1, port: 2, tags: { role: spine, asn: 65000, loopback: 10.0.250.2 } }
  leaf1: { host: 127.0.0.1, port: 11, tags: { role: leaf, mlag: pair1, asn: 65101, loopback: 10.0.250.11 } }
  leaf2: { host: 127.0.0.1, port: 12, tags: { role: leaf, mlag: pair1, asn: 65101, loopback: 10.0.250.12 } }
  leaf3: { host: 127.0.0.1, port: 13, tags: { role: leaf, mlag: pair2, asn: 65102, loopback: 10.0.250.13 } }
  leaf4: { host: 127.0.0.1, port: 14, tags: { role: leaf, mlag: pair2, asn: 65102, loopback: 10.0.250.14 } }
`

/** The files of the project of each mistake. */
export const FILES: Files = {
  'eosflow.yaml': 'version: 1\ninventory: inventory.yaml\n',
  'inventory.yaml': INVENTORY,
  'workflows/ntp.yaml': NTP,
  'workflows/add-vlan.yaml': bundled('workflows/add-vlan.yaml'),
  'workflows/templates/vlan.j2': bundled('workflows/templates/vlan.j2'),
  'tests/add-vlan.test.yaml':
    'version: 1\nworkflow: workflows/add-vlan.yaml\nfabric: fabrics/dc1\ncases: [{ name: it works, expect: { outcome: succeeded } }]\n',
}

/** How a command line is typed: who sits there, and what the machine has. */
export interface AtDesk {
  /** The answers to the questions, in turn; without it no person is there. */
  readonly answers?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The folder; default: the project. */
  readonly cwd?: string
  /** Real addresses, and real time. */
  readonly real?: boolean
}

/** One mistake: its title says what a person did, and `make` does it. */
export interface Mistake {
  readonly title: string
  /** The id of the row that it belongs to, where one asked for it. */
  readonly row?: string
  readonly make: (desk: Desk) => Promise<void>
}

/** A project as `eosflow init` makes it, with its simulated switches in memory, and what is typed there. */
export interface Desk {
  readonly dir: string
  readonly lab: Lab
  /** Runs a command line and shows it with its whole output and exit code. */
  types(argv: string | readonly string[], at?: AtDesk): Promise<void>
  /** Runs one that is no mistake, and gives its output. Throws unless it ends with one of the codes. */
  prepares(argv: string | readonly string[], at?: AtDesk, codes?: readonly number[]): Promise<string>
  write(files: Files): void
  read(path: string): string
  /** Gives the project the fabric of its switches. */
  copyFabric(): void
  /** Has the text show one word for another: a port that was free, a name that was drawn. */
  stands(word: string | number, shown: string): void
  readonly shown: string
}

/** Sets up the project of one mistake. */
export function startDesk(): Desk {
  const lab = openLab({ judgesLogins: true })
  const above = temporaryFolder()
  const dir = join(above, 'my-network')
  writeFiles(dir, FILES)
  const words: [string, string][] = []
  let shown = ''
  const run = async (argv: readonly string[], { answers, env = {}, cwd = '.', real = false }: AtDesk = {}) => {
    let said = ''
    const say = (text: string) => {
      said += text
    }
    const work = runTyped(join(dir, cwd), argv, {
      env: { XDG_STATE_HOME: join(above, 'state'), ...env },
      ...(answers === undefined ? {} : { answers }),
      ...(real ? {} : { seams: seamsOf(lab, { judgesLogins: true }) }),
      command: (line, terminal) =>
        main(line, {
          ...terminal,
          out: say,
          err: say,
          ask: async (question) => {
            const answer = await terminal.ask(question)
            say(`${question}${answer ?? ''}\n`)
            return answer
          },
        }),
    })
    const { code } = await (real ? work : whileTimePasses(lab.clock, work))
    return { code, said }
  }
  return {
    dir,
    lab,
    types: async (typed, at) => {
      const argv = wordsOf([typed].flat())
      const { code, said } = await run(argv, at)
      shown += `$ eosflow ${argv.map(shellWord).join(' ')}\n${said}[exit ${code}]\n`
    },
    prepares: async (argv, at, codes = [0]) => {
      const { code, said } = await run([argv].flat(), at)
      if (!codes.includes(code)) throw new Error(`exit ${code}: ${said}`)
      return said
    },
    write: (files) => writeFiles(dir, files),
    read: (path) => fileText(dir, path),
    copyFabric: () => cpSync(DC1, join(dir, 'fabrics/dc1'), { recursive: true }),
    stands: (word, as) => void words.push([String(word), as]),
    get shown() {
      return words.reduce((text, [word, as]) => text.replaceAll(word, as), steady(shown, above))
    },
  }
}

/** The text without what is another one at each run, or on another machine. */
function steady(text: string, above: string) {
  return (
    text
      .replaceAll(above, '/home/ann')
      .replace(/^.*running as root.*\n/gm, '')
      .replace(/\blocal:\d+:[\w-]+@[\w.-]+/g, 'local:1000:ann@noc1')
      .replace(/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, 'EXECUTION')
      .replace(/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST')
      .replace(/(plan|bound to|·|approved|rejected|digest|Digest:|plan is|is) [0-9a-f]{8}\b/g, '$1 DIGEST8')
      .replace(/\bprocess \d+/g, 'process 4711')
      // Its own tests hold the text of a plan.
      .replace(/^[\w-]+ · \d+ switch(?:es)? · local:[\s\S]*?^(Plan: .*)$/gm, '(the plan)\n$1')
      .replace(/^\d\d:\d\d:\d\dZ/gm, 'HH:MM:SSZ')
  )
}

const VALUE = (last: number) => ['workflows/ntp.yaml', '-p', `server=192.0.2.${last}`]
const N5 = 'N5'
const C9 = 'C9'

/** Plans the change with one server into a file. */
const plans = (desk: Desk, file: string, last = 9) => desk.prepares(['plan', ...VALUE(last), '-o', file])

const digestIn = (desk: Desk, file: string) =>
  /sha256:[0-9a-f]{64}/.exec(/"digest":\s*"sha256:[0-9a-f]{64}"/.exec(desk.read(file))?.[0] ?? '')?.[0] ?? ''

/** Mistakes with a plan that was saved. */
export const OF_PLANS: readonly Mistake[] = [
  {
    title: 'nobody has approved the plan, and nobody is there to be asked',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.types('run ntp.plan')
    },
  },
  {
    title: 'the digest is that of another plan',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'a.plan', 9)
      await plans(desk, 'b.plan', 10)
      await desk.types(['approve a.plan --digest', digestIn(desk, 'b.plan')])
    },
  },
  {
    title: 'the digest of another plan is given to run',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'a.plan', 9)
      await plans(desk, 'b.plan', 10)
      await desk.types(['run a.plan --approve', digestIn(desk, 'b.plan')])
    },
  },
  {
    title: 'the plan file was edited',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      desk.write({ 'ntp.plan': desk.read('ntp.plan').replaceAll('192.0.2.9', '192.0.2.8') })
      await desk.types('approve ntp.plan')
    },
  },
  {
    title: 'the plan has been run before',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares('approve ntp.plan')
      await desk.prepares('run ntp.plan')
      await desk.types('run ntp.plan')
    },
  },
  {
    title: 'the plan that has been run is approved again',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares('approve ntp.plan')
      await desk.prepares('run ntp.plan')
      await desk.types('approve ntp.plan')
    },
  },
  {
    title: 'a colleague has typed a line on a switch since the plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares('approve ntp.plan')
      await typeOn(desk.lab.device('leaf1'), 'configure', 'ntp server vrf MGMT 192.0.2.1', 'end', 'write')
      await desk.types('run ntp.plan')
    },
  },
  {
    title: 'the workflow was altered since the plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares('approve ntp.plan')
      desk.write({ 'workflows/ntp.yaml': desk.read('workflows/ntp.yaml').replace('5m', '6m') })
      await desk.types('run ntp.plan')
    },
  },
  {
    title: 'targets are given with a plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.types('run ntp.plan -t leaf1')
    },
  },
  {
    title: 'the plan is not there',
    make: (desk) => desk.types('run ntp.plan'),
  },
  {
    title: 'the rollback is of an execution that has changed nothing',
    make: async (desk) => {
      const said = await desk.prepares(['run', ...VALUE(9)], { answers: ['no'] }, [4, 11])
      const id = /\d{8}-\d{6}-[0-9a-f]{8}/.exec(said)?.[0] ?? ''
      await desk.types(['rollback', id])
    },
  },
]

const POLICY = `version: 1
roles:
  approver: { members: ['ssh:sub:bob@example.org'] }
rules:
  - { id: work, to: ['kind:person'], allow: [plan.create, plan.read, execution.read, execution.stop, task.snapshot, task.plan, task.verify] }
  - id: change
    to: ['kind:person']
    allow: [execution.start, task.push, task.confirm, task.rollback]
    require: { approvals: { count: 1, from: [approver], notRequester: true } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
`
/** The same, where the local user is of those who approve. */
const LOCAL = POLICY.replace("'ssh:sub:bob@example.org'", "'ssh:sub:bob@example.org', 'kind:person'")

const under = (policy: string, title: string, row: string, make: (desk: Desk) => Promise<void>): Mistake => ({
  title,
  row,
  make: async (desk) => {
    desk.write({ 'policy.yaml': policy })
    await make(desk)
  },
})

/** Mistakes in who may do what, and when. */
export const OF_DECISIONS: readonly Mistake[] = [
  under(POLICY, 'the plan is approved by the one who made it, who is no approver', N5, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types('approve ntp.plan')
  }),
  under(LOCAL, 'the plan is approved by the one who made it, and the policy wants another', N5, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types('approve ntp.plan')
  }),
  under(POLICY, 'a plan is made that only another may approve', C9, (desk) =>
    desk.types(['plan', ...VALUE(9), '-o', 'ntp.plan']),
  ),
  under(POLICY, 'a change is run that only another may approve', C9, (desk) =>
    desk.types(['run', ...VALUE(9)], { answers: ['yes'] }),
  ),
  under(POLICY, 'a plan is run that another has not approved', C9, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types('run ntp.plan')
  }),
  under(POLICY.replace('plan.create, ', ''), 'a plan is made by a person who may not', C9, (desk) =>
    desk.types(['plan', ...VALUE(9)]),
  ),
  under(POLICY.replace('execution.start, ', ''), 'a change is run by a person who may only plan', C9, (desk) =>
    desk.types(['run', ...VALUE(9)]),
  ),
  {
    title: 'a freeze is set',
    make: async (desk) => {
      await desk.prepares(['freeze --reason', 'migration of the core', '--for', '2h'])
      await desk.types(['run', ...VALUE(9)], { answers: ['yes'] })
    },
  },
  {
    title: 'the change is put back, because its check fails',
    row: C9,
    make: async (desk) => {
      desk.write({
        'workflows/ntp.yaml': desk
          .read('workflows/ntp.yaml')
          .replace('bgp-established', 'vlans-present: { vlans: [998] }'),
      })
      await desk.types(['run', ...VALUE(9), '-t', 'leaf1'], { answers: ['yes'] })
    },
  },
]

const NTP_SWITCHES = 'plan workflows/ntp.yaml -p server=192.0.2.9'
const N5_SWITCHES = 'N5'

/** Types a command with something else in the inventory. Throws where nothing is replaced. */
const inInventory = (
  title: string,
  from: string | RegExp,
  to: string,
  { row, argv = 'validate', at }: { row?: string; argv?: string | readonly string[]; at?: AtDesk } = {},
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
  inInventory('the password is written into the file', 'admin, simulated: true', 'Secret-42-Word', {
    argv: NTP_SWITCHES,
  }),
  inInventory(
    'the variable with the password is not set',
    'password: admin, simulated: true',
    "password: '${env:EOSFLOW_RW}'",
    {
      row: N5_SWITCHES,
      argv: NTP_SWITCHES,
    },
  ),
  {
    title: 'a vars file of Ansible holds a short password that eosflow does not use',
    row: N5_SWITCHES,
    make: async (desk) => {
      desk.write({
        'hosts.ini': '[LEAFS]\nleaf1\nleaf2\nleaf3\nleaf4\n',
        'group_vars/all.yaml': 'ansible_user: admin\nansible_password: admin\nansible_network_os: eos\n',
        'inventory.yaml': INVENTORY.replace('version: 1\n', 'version: 1\nsources: [{ ansible: hosts.ini }]\n'),
      })
      await desk.types('inventory show leaf1')
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
      await desk.types(NTP_SWITCHES)
    },
  },
  {
    title: 'two workflows have one name',
    row: N5_SWITCHES,
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
async function occupied(desk: Desk, shown: string) {
  const port = await listenInTest(createServer())
  desk.stands(port, shown)
  return port
}

/** Mistakes that show once a switch is asked, or a port is listened on. */
export const OF_SWITCHES: readonly Mistake[] = [
  {
    title: 'the simulated switches do not run',
    make: (desk) => desk.types(NTP_SWITCHES, { real: true }),
  },
  inInventory('the password is another one', 'password: admin, simulated: true', "password: '${env:EOSFLOW_RW}'", {
    row: N5_SWITCHES,
    argv: NTP_SWITCHES,
    at: { env: { EOSFLOW_RW: 'not-the-right-one' } },
  }),
  {
    title: 'a switch refuses a line of the change',
    make: async (desk) => {
      desk.write({
        'workflows/ntp.yaml': desk.read('workflows/ntp.yaml').replace('ntp server vrf MGMT {{ server }}', 'ntp server'),
      })
      await desk.types(NTP_SWITCHES)
    },
  },
  {
    title: 'the port of a simulated switch is taken by another program',
    row: N5_SWITCHES,
    make: async (desk) => {
      const port = await occupied(desk, '25011')
      desk.copyFabric()
      desk.write({ 'inventory.yaml': INVENTORY.replace('port: 11', `port: ${port}`) })
      await desk.types('sim start fabrics/dc1', { real: true })
    },
  },
  {
    title: 'the fabric is not there',
    make: (desk) => desk.types('sim start fabrics/dc2', { real: true }),
  },
  {
    title: 'an execution is asked for that there is not',
    make: (desk) => desk.types('show 20261129-080000-1a2b3c4d'),
  },
  {
    title: 'the store is not there',
    make: (desk) => desk.types('executions --store old/store.db'),
  },
  {
    title: 'the store is a file of another kind',
    make: (desk) => desk.types('executions --store inventory.yaml'),
  },
]

const VLAN = 'workflows/add-vlan.yaml'
const GOOD = ['-p', 'vlan=140', '-p', 'label=PROD']

const types = (title: string, argv: readonly string[], row?: string): Mistake => ({
  title,
  ...(row === undefined ? {} : { row }),
  make: (desk) => desk.types(argv),
})

const N5_TYPED = 'N5'

/** Mistakes in a command and its flags. */
export const OF_COMMANDS: readonly Mistake[] = [
  types('a command is misspelt', ['pln', VLAN]),
  types('a flag is misspelt', ['plan', VLAN, '--parm', 'vlan=140']),
  types('a command of another tool is typed', ['apply', VLAN]),
  types('the workflow is forgotten', ['plan']),
  types('the path of the workflow is misspelt', ['plan workflows/add-vlna.yaml', ...GOOD]),
  types('a folder is named for a workflow', ['plan workflows', ...GOOD]),
  types('a workflow is given to test', ['test', VLAN], N5_TYPED),
  types('a workflow is given to approve', ['approve', VLAN]),
  types('two switches are written as two words', ['plan', VLAN, ...GOOD, '-t', 'leaf1', 'leaf2']),
  types('a target names a switch that there is not', ['plan', VLAN, ...GOOD, '-t', 'leaf9']),
  types('a target leaves the switches of the workflow', ['plan', VLAN, ...GOOD, '-t', 'spine1']),
  types('a flag has no value', ['plan', VLAN, ...GOOD, '-t']),
  types('a time is written in words', ['audit list --since', 'yesterday evening']),
  types('a command of which there is a family has no second word', ['snapshot']),
  {
    title: 'the command is typed outside of the project',
    make: (desk) => desk.types(['plan', VLAN, ...GOOD], { cwd: '..' }),
  },
]

/** Mistakes in the parameters of a change. */
export const OF_PARAMETERS: readonly Mistake[] = [
  types('a parameter has no value', ['plan', VLAN, '-p', 'vlan', '-p', 'label=PROD'], N5_TYPED),
  types('blanks stand around the =', ['plan', VLAN, '-p', 'vlan', '=', '140', '-p', 'label=PROD'], N5_TYPED),
  types('the value is a word behind the name', ['plan', VLAN, '-p', 'vlan', '140', '-p', 'label=PROD'], N5_TYPED),
  types('a parameter is forgotten', ['plan', VLAN, '-p', 'vlan=140']),
  types('a parameter is misspelt', ['plan', VLAN, '-p', 'vlna=140', '-p', 'label=PROD']),
  types('a number is a word', ['plan', VLAN, '-p', 'vlan=prod', '-p', 'label=PROD']),
  types('a number is too large', ['plan', VLAN, '-p', 'vlan=5000', '-p', 'label=PROD']),
  types('a text does not match the pattern', ['plan', VLAN, '-p', 'vlan=140', '-p', 'label=prod cache'], N5_TYPED),
  types('a list is given as one text', ['plan', VLAN, ...GOOD, '-p', 'trunks=Port-Channel1'], N5_TYPED),
  types('a port is shortened', ['plan', VLAN, ...GOOD, '-p', 'trunks=[Po1]']),
  types('an address is none', ['plan workflows/ntp.yaml -p server=10.0.0.300']),
  types('a parameter is given twice', ['plan', VLAN, '-p', 'vlan=140', '-p', 'vlan=141', '-p', 'label=PROD']),
  {
    title: 'the pattern says other characters',
    row: N5_TYPED,
    make: async (desk: Desk) => {
      desk.write({
        'workflows/site.yaml': desk
          .read('workflows/ntp.yaml')
          .replace('type: ipAddress, example: 192.0.2.1', "type: string, pattern: '[a-z]{3}\\d{2}'"),
      })
      await desk.types('plan workflows/site.yaml -p server=Berlin')
    },
  },
]
