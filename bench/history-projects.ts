import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArtefactRef, EventBody, JournalEvent } from '../src/change/record/event/event.ts'
import { builtOut } from './built.ts'
import { bodiesOf, type PastExecution } from './bulk-history.ts'
import type { HistoryStores } from './history-stores.ts'
import { workflowOf } from './one-change.ts'
import type { SimulatedDevice } from './simulator.ts'

/** What every project of the bench has done itself, behind its history, by the ids of its executions. */
export interface OwnExecutions {
  /** A change that is on the switch. */
  readonly ran: string
  readonly planned: string
  /** One that was put back. */
  readonly failed: string
  /** One that waits for its approval. */
  readonly waiting: string
}

/** A project with a history. */
export interface HistoryProject extends OwnExecutions {
  readonly dir: string
  /** How many records and executions it has, and how many of these wait. */
  readonly records: number
  readonly executions: number
  readonly waits: number
}

/** How long a history is. */
export interface HistorySize {
  readonly records: number
  readonly executions: number
  readonly waits: number
}

const YEAR = 365 * 86_400_000
const HOUR = 3_600_000
const CHECKS = '[reachable]'
const BAD_CHECKS = '[reachable, { vlans-present: { vlans: [4000] } }]'

/** Makes a project as `init` does, whose switches are those of a simulator, with what the commands of the table ask for. Its changes are of this VLAN and the three before it. */
export async function writeHistoryProject(
  dir: string,
  stores: HistoryStores,
  devices: readonly SimulatedDevice[],
  vlan: number,
): Promise<void> {
  mkdirSync(dir, { recursive: true })
  await builtOut(dir, ['init'])
  const file = join(dir, 'inventory.yaml')
  const inventory = devices.reduce(
    (text, { name, http }) =>
      text.replace(new RegExp(`(${name}: \\{) host: [^,]+, port: \\d+`), `$1 host: ${http.host}, port: ${http.port}`),
    readFileSync(file, 'utf8'),
  )
  const [{ username, password } = { username: '', password: '' }] = devices
  writeFileSync(
    file,
    inventory.replace(
      'username: admin, password: admin',
      `username: ${username}, password: ${JSON.stringify(password)}`,
    ),
  )
  const files = {
    'eosflow.yaml': `version: 1\nserver: { listen: "127.0.0.1:0" }\n${stores.settings(dir)}`,
    'change.yaml': workflowOf(vlan, CHECKS),
    'other.yaml': workflowOf(vlan - 1, CHECKS),
    'bad.yaml': workflowOf(vlan - 2, BAD_CHECKS).replace('within: 20s', 'within: 1s'),
    'checks.yaml': '- reachable\n',
    'order.asl.json': '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}\n',
    'one.cfg': 'vlan 10\n   name ONE\n',
    'two.cfg': 'vlan 10\n   name TWO\n',
    'switches.csv': 'name,host\nleaf9,192.0.2.9\n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
}

/** What every project has done itself: a change, a plan, a change that was put back, and one that waits; snapshots before and behind them. */
export async function doOwn(dir: string): Promise<OwnExecutions> {
  const eosflow = (exit: number, ...argv: readonly string[]): Promise<string> => builtOut(dir, argv, exit)
  const made = async (name: string, exit: number): Promise<readonly [planned: string, ran: string]> => {
    const plan = JSON.parse(await eosflow(0, 'plan', `${name}.yaml`, '-o', `${name}.plan`, '--json')) as Planned
    await eosflow(0, 'approve', `${name}.plan`, '--digest', plan.plan.digest)
    await eosflow(exit, 'run', `${name}.plan`)
    return (await newest(dir, 2)).toReversed() as [string, string]
  }
  await eosflow(0, 'snapshot', 'take', 'before')
  const [planned, ran] = await made('change', 0)
  const [, failed] = await made('bad', 6)
  await eosflow(0, 'snapshot', 'take', 'behind')
  await eosflow(0, 'publish', '-m', 'bench')
  await eosflow(12, 'run', 'other.yaml', '--detach')
  const [waiting = ''] = await newest(dir, 1)
  return { ran, planned, failed, waiting }
}

interface Planned {
  readonly plan: { readonly digest: string }
}

/** The ids of the newest executions. */
export async function newest(dir: string, most: number): Promise<readonly string[]> {
  const { executions } = JSON.parse(await builtOut(dir, ['executions', '--json', '-n', String(most)])) as {
    readonly executions: readonly { readonly id: string }[]
  }
  return executions.map(({ id }) => id)
}

/** The records of the executions of which a history has copies. */
export interface HistorySources {
  readonly ran: readonly JournalEvent[]
  readonly planned: readonly JournalEvent[]
  readonly waiting: readonly JournalEvent[]
  /** The texts that they name. */
  readonly texts: readonly string[]
}

/** Reads what histories are copies of. */
export async function sourcesOf(
  stores: HistoryStores,
  { dir, ran, planned, waiting }: HistoryProject,
): Promise<HistorySources> {
  const store = await stores.open(dir)
  try {
    const [change, plan, wait] = [await store.read(ran), await store.read(planned), await store.read(waiting)]
    const texts: string[] = []
    const seen = new Set<string>()
    // A text names others: the plan those of its configurations.
    for (let unread = [JSON.stringify([change, plan, wait])]; unread.length > 0; ) {
      const refs = new Set(unread.flatMap((text) => text.match(/blob:[0-9a-f]{64}/g) ?? []))
      unread = []
      for (const ref of [...refs].filter((one) => !seen.has(one))) unread.push(await store.get(ref as ArtefactRef))
      for (const ref of refs) seen.add(ref)
      texts.push(...unread)
    }
    return { ran: change, planned: plan, waiting: wait, texts }
  } finally {
    await store.close()
  }
}

/** Gives a project that has no store the install key of another one. */
export function takeInstallKey(dir: string, from: string): void {
  mkdirSync(join(dir, '.eosflow'), { recursive: true })
  cpSync(join(from, '.eosflow', 'install.key'), join(dir, '.eosflow', 'install.key'))
}

/** Executions of the year before: changes and plans so that both numbers are met, and between them those that wait. */
export function* pastOf(
  sources: HistorySources,
  { records, executions, waits }: HistorySize,
): Generator<PastExecution> {
  const [began, ends] = [Date.now() - YEAR, Date.now() - 2 * HOUR]
  let [written, waiting] = [0, 0]
  for (let made = 0; made < executions || written < records; made += 1) {
    const isWaitDue = waiting < waits && waiting * executions <= made * waits
    if (isWaitDue) waiting += 1
    // A plan has fewer records than a change: both in turns keep the mean.
    const isBehind = written * executions <= records * made
    const events = isWaitDue ? sources.waiting : isBehind ? sources.ran : sources.planned
    written += events.length
    yield copyOf(events, began + Math.floor(((ends - began) * Math.min(made, executions)) / executions), made)
  }
}

/** A copy with an id, a plan digest and nonces of its own. */
function copyOf(events: readonly JournalEvent[], at: number, index: number): PastExecution {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]/g, '')
  const own = (index + 0x10000000).toString(16)
  const id = `${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${own}`
  const plans = new Set(events.flatMap((event) => (event.type === 'PlanMade' ? [event.digest] : [])))
  const nonces = new Set(events.flatMap((event) => (event.type === 'ApprovalUsed' ? [event.nonce] : [])))
  const text = [...plans, ...nonces].reduce(
    (copy, word) => copy.replaceAll(word, `${word.slice(0, -8)}${own}`),
    JSON.stringify(bodiesOf(events)),
  )
  return { id, actor: events[0]?.actor ?? '', at, events: JSON.parse(text) as readonly EventBody[] }
}
