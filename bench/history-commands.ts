import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtOut } from './built.ts'
import { type HistoryProject, newest } from './history-projects.ts'
import type { StoreKind } from './history-stores.ts'
import { workflowOf } from './one-change.ts'

/** One command line that is measured. */
export interface CommandRow {
  /** What is behind the name of the command: words, or what is made of a project in a round. */
  readonly argv?: (project: HistoryProject, made: string) => readonly string[]
  /** Its exit codes; 0 alone where they are absent. */
  readonly exits?: readonly number[]
  /** Done before it in each round, and not measured: what it gives is handed to `argv`. */
  readonly before?: (project: HistoryProject, round: number) => Promise<string>
  /** Done behind it, so that the next command finds the project as this one did. */
  readonly after?: (project: HistoryProject) => Promise<unknown>
  readonly stdin?: string
  readonly until?: RegExp
  /** It reads all of the history by its nature, or gives it: it has to be linear. */
  readonly readsAll?: true
  /** It replaces the store or takes records out: it is given a copy of the project, once. */
  readonly onCopy?: true
  /** What it does takes seconds and has no store, or it cannot be done again: so many rounds. */
  readonly rounds?: number
  /** Only with this kind of store. */
  readonly only?: StoreKind
}

const plain: readonly CommandRow[] = [{}]
const words = (...given: readonly string[]): readonly CommandRow[] => [{ argv: () => given }]
const refused = (exit: number, ...given: readonly string[]): readonly CommandRow[] => [
  { argv: () => given, exits: [exit] },
]
const why = ['--reason', 'bench'] as const

let vlan = 1_000

/** Saves a plan of a change that nobody has planned yet, as `next.plan`; gives its digest. */
async function planAnew({ dir }: HistoryProject): Promise<string> {
  vlan += 1
  writeFileSync(join(dir, 'next.yaml'), workflowOf((vlan % 3_000) + 2, '[reachable]'))
  const { plan } = JSON.parse(await builtOut(dir, ['plan', 'next.yaml', '-o', 'next.plan', '--json'])) as {
    readonly plan: { readonly digest: string }
  }
  return plan.digest
}

/** The same, approved. */
async function approved(project: HistoryProject): Promise<string> {
  const digest = await planAnew(project)
  await builtOut(project.dir, ['approve', 'next.plan', '--digest', digest])
  return digest
}

/** Begins a change that waits for its approval; gives its id. */
async function waitAnew({ dir }: HistoryProject): Promise<string> {
  vlan += 1
  writeFileSync(join(dir, 'next.yaml'), workflowOf((vlan % 3_000) + 2, '[reachable]'))
  await builtOut(dir, ['run', 'next.yaml', '--detach'], 12)
  return (await newest(dir, 1))[0] ?? ''
}

async function resumable(project: HistoryProject): Promise<string> {
  const id = await waitAnew(project)
  await builtOut(project.dir, ['approve', id])
  return id
}

/** Gives this machine the key that its store is to go on with: in a database all machines have it before one rotates. */
async function nextKey({ dir }: HistoryProject): Promise<string> {
  const key = randomBytes(32).toString('hex')
  writeFileSync(join(dir, '.eosflow', 'install.next.key'), `${key}\n`, { mode: 0o600 })
  return ''
}

const unfrozen = ({ dir }: HistoryProject): Promise<string> => builtOut(dir, ['unfreeze', '--all', ...why])
const roundName =
  (name: string) =>
  async (_: HistoryProject, round: number): Promise<string> =>
    `${name}-${round}`
const SERVES = /Open http:\/\/localhost:\d+/
const INITIALIZE = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
})}\n`
const TOKEN = `eosflow-task-${'0'.repeat(43)}`

/** Every command of the program by its name, with what it is measured with. */
export const COMMANDS: Readonly<Record<string, readonly CommandRow[]>> = {
  init: [{ before: roundName('fresh'), argv: (_, made) => [made] }],
  demo: [{ rounds: 1 }],
  validate: plain,
  'inventory list': plain,
  'inventory show': words('leaf1'),
  'inventory graph': plain,
  // The inventory of the bench says nothing of serial numbers.
  'inventory check': [{ argv: () => ['-t', 'leaf1'], exits: [10] }],
  'inventory refresh': plain,
  'inventory read': words('csv', 'switches.csv'),
  schema: words('workflow'),
  completion: words('bash'),
  plan: words('change.yaml'),
  // It shows every change that waits, and the plans that were approved within eight days.
  'plan queue': [
    { argv: () => [], readsAll: true },
    { argv: () => ['-t', 'leaf1', '--json'], readsAll: true },
  ],
  show: [
    { argv: ({ ran }) => [ran] },
    { argv: ({ ran }) => [ran, '--json'] },
    { argv: () => ['change.plan'] },
    { argv: ({ ran }) => [ran, '--html', '-'] },
    { argv: () => ['@latest'] },
  ],
  'ci init': words('pre-commit'),
  // No forge: it reads the plan, and has no token.
  'comment github': refused(3, '--pr', '7', '--plan', 'change.plan', '--repo', 'acme/network'),
  'comment gitlab': refused(3, '--mr', '7', '--plan', 'change.plan', '--repo', 'acme/network'),
  approve: [
    { before: planAnew, argv: () => ['next.plan'] },
    { before: waitAnew, argv: (_, made) => [made] },
  ],
  reject: [{ before: planAnew, argv: () => ['next.plan'] }],
  'approval key': plain,
  run: [
    { before: approved, argv: () => ['next.plan'] },
    { before: approved, argv: () => ['next.plan', '--key', `k${vlan}`] },
    { argv: () => ['other.yaml', '--detach'], exits: [12] },
  ],
  serve: [{ until: SERVES }],
  mcp: [{ stdin: INITIALIZE }],
  executions: [
    {},
    { argv: () => ['--state', 'open'] },
    { argv: () => ['-t', 'leaf1', '--touched', '-n', '10'] },
    { argv: () => ['--json', '-n', '20'] },
    { argv: () => ['--state', 'unknown'], readsAll: true },
    { argv: () => ['--json'], readsAll: true },
  ],
  plans: [{}, { argv: () => ['--json'], readsAll: true }],
  history: [{ argv: ({ ran }) => [ran] }],
  worker: [
    { only: 'postgres', until: /./ },
    { only: 'sqlite', exits: [3] },
  ],
  workers: [{ only: 'postgres' }, { only: 'sqlite', exits: [3] }],
  drain: refused(3, '00000000'),
  resume: [{ before: resumable, argv: (_, made) => [made] }],
  watch: [{ argv: ({ ran }) => [ran] }],
  stop: [
    { before: waitAnew, argv: (_, made) => [made, ...why] },
    { argv: () => ['--all', ...why], onCopy: true, readsAll: true, exits: [0, 4, 5, 6, 10] },
  ],
  suspend: [{ before: waitAnew, argv: (_, made) => [made, ...why] }],
  freeze: [{ readsAll: true, argv: () => ['--for', '30m', ...why], after: unfrozen }],
  unfreeze: [{ before: ({ dir }) => builtOut(dir, ['freeze', '--for', '30m', ...why]), argv: () => ['--all', ...why] }],
  redrive: [{ argv: ({ failed }) => [failed], exits: [5, 6] }],
  rollback: [{ argv: ({ ran }) => [ran, '--detach'], exits: [12] }],
  drift: plain,
  ask: [{ argv: () => ['show hostname', '-t', 'leaf1'] }],
  facts: words('-t', 'leaf1'),
  comply: words('-t', 'leaf1'),
  'config backup': words('backups', '-t', 'leaf1'),
  // A backup without secrets is refused.
  'config restore': refused(3, 'backups'),
  recover: words('--scan'),
  // A token that nobody waits for is looked for in every execution.
  signal: [{ argv: () => [TOKEN, '--output', '{}'], exits: [4], readsAll: true }],
  adopt: words('leaf1'),
  'snapshot take': [{ argv: () => ['-t', 'leaf1'] }],
  'snapshot list': plain,
  'snapshot show': words('before'),
  'snapshot diff': words('before', 'behind'),
  'check run': words('checks.yaml'),
  'check list': plain,
  'check invariants': refused(3),
  'check show': words('VerifyMlagStatus'),
  'check try': words('VerifyMlagStatus'),
  record: [{ before: roundName('recorded'), argv: (_, made) => ['-t', 'leaf1', '-o', made] }],
  'sessions list': plain,
  'sessions gc': plain,
  'release-device': words('leaf1', ...why),
  doctor: [{ readsAll: true, exits: [0, 10] }],
  'policy init': refused(3),
  'policy test': refused(3),
  'policy retire': words(...why),
  'policy explain': words('task.push'),
  'policy input': words('change.plan'),
  publish: words('-m', 'bench'),
  'bundle list': plain,
  'bundle show': plain,
  'bundle diff': plain,
  'audit list': [
    { argv: ({ ran }) => ['--execution', ran] },
    { argv: () => ['--since', new Date(Date.now() - 60_000).toISOString()] },
    { argv: () => ['--code', 'EF2'], readsAll: true },
    { readsAll: true },
  ],
  'audit verify': [{ readsAll: true }],
  'audit export': [{ argv: () => ['--format', 'jsonl'], readsAll: true }],
  'audit accept-clock': words(...why),
  'audit key': plain,
  'notify deliver': plain,
  'notify test': refused(3, 'ops'),
  'schedule list': plain,
  'schedule run': plain,
  'schedule end': refused(3, 'after:20260105-080000-01234567', ...why),
  'key list': plain,
  'key show': words('plan'),
  'key rotate': [
    { argv: () => ['plan', ...why] },
    { only: 'sqlite', argv: () => ['install', ...why], readsAll: true, onCopy: true },
    { only: 'postgres', before: nextKey, argv: () => ['install', ...why], readsAll: true, onCopy: true },
  ],
  'trust add': refused(3, 'bob', 'none.pub'),
  'trust project': plain,
  'store id': plain,
  'store backup': [{ only: 'sqlite', before: roundName('backup'), argv: (_, made) => [`${made}.db`], readsAll: true }],
  'store restore': [
    {
      only: 'sqlite',
      onCopy: true,
      before: ({ dir }) => builtOut(dir, ['store', 'backup', 'b.db']),
      argv: () => ['b.db', '--set-aside', ...why],
      readsAll: true,
    },
  ],
  // On a database it names every change that waits, and none of them goes on by itself then.
  'store accept-loss': [
    { only: 'postgres', argv: () => why, readsAll: true, onCopy: true },
    { only: 'sqlite', argv: () => why, exits: [3] },
  ],
  'store seal': [{ onCopy: true, argv: () => ['--keep', '0', ...why], readsAll: true }],
  'store move': [],
  'store init': [{ only: 'postgres' }, { only: 'sqlite', exits: [3] }],
  'store check': [{ only: 'postgres' }, { only: 'sqlite', exits: [3] }],
  'store migrate': [{ only: 'postgres' }, { only: 'sqlite', exits: [3] }],
  'sim start': [{ argv: () => ['fabrics/dc1'], until: /./ }],
  'sim status': refused(10),
  'sim fault': refused(10, 'leaf1', '{ kind: lost-answer, command: commit }'),
  'sim learn': refused(3, 'none.jsonl'),
  test: [{ rounds: 1 }],
  rehearse: [
    { argv: () => ['workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=X', '--only', 'reboot'], rounds: 1 },
  ],
  login: refused(4),
  logout: plain,
  whoami: plain,
  'states run': words('order.asl.json'),
  'states validate': words('order.asl.json'),
  'config diff': words('one.cfg', 'two.cfg'),
  'config merge': words('one.cfg', 'two.cfg'),
  'config normalize': words('one.cfg'),
  'config redact': words('one.cfg'),
  'approval verify': refused(3, 'none.approval', '--plan', 'change.plan'),
}
