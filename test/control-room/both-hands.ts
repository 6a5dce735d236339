import { useApproval } from '../../simulate/checker/decisions.ts'
import { byPlace } from '../../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import type { RunningFabric } from '../../src/lab/trial/start-fabric.ts'
import { assertSettled, BUILT, json, typedWithYes } from '../lab/lab.ts'
import type { Told } from '../lab/visitor.ts'
import { type OpenStream, type OwnServer, openStream, type ServerProcess, startOwnServer } from './server-process.ts'

/** Which execution has a switch, by the records read so far, and how often each was committed under a timer. */
interface Seen {
  readonly holders: Map<string, string>
  readonly timed: Map<string, number>
  readonly ended: Set<string>
  readonly uses: Map<string, string>
}

/** Everything that is not true of a store at rest and of the switches that it has changed: what its record says, and what they are. */
async function judgeStore(dir: string, fabric: RunningFabric) {
  const verified = await typedWithYes(dir, 'audit', 'verify')
  const listed = await json(typedWithYes(dir, 'executions', '--json'))
  const records: JournalEvent[] = []
  for (const { id } of listed.executions) records.push(...(await json(typedWithYes(dir, 'history', id, '--json'))))
  const seen: Seen = { holders: new Map(), timed: new Map(), ended: new Set(), uses: new Map() }
  const wrong = records.toSorted(byPlace).flatMap((event) => judge(seen, event))
  const drift = await typedWithYes(dir, 'drift', '--detailed-exitcode')
  return [
    ...(verified.code === 0 ? [] : [`audit verify: exit ${verified.code}\n${verified.out}${verified.err}`]),
    ...wrong,
    ...fabric.devices.flatMap((device) => {
      const { timed } = device.counters().commits
      const said = seen.timed.get(device.name) ?? 0
      return timed === said ? [] : [`${device.name} was committed ${timed} times, and ${said} are on record`]
    }),
    ...(drift.code === 0 ? [] : [`drift: exit ${drift.code}\n${drift.out}${drift.err}`]),
    ...unsettled(fabric),
  ]
}

/** What one record must not say after those before it. */
function judge(seen: Seen, event: JournalEvent) {
  const { execution = '', type, seq } = event
  const wrong: string[] = []
  if (type === 'ExecutionRedriven') seen.ended.delete(execution)
  else if (seen.ended.has(execution)) wrong.push(`${seq}: ${type} behind the end of ${execution}`)
  if ('error' in event && event.error?.kind === 'bug') wrong.push(`${seq}: ${type}: ${event.error.message}`)
  if (type === 'ApprovalUsed') wrong.push(...usedTwice(seen, event.nonce, execution))
  if (type === 'ExecutionEnded') {
    seen.ended.add(execution)
    for (const [device, holder] of seen.holders) if (holder === execution) seen.holders.delete(device)
  }
  return [...wrong, ...judgeCommit(seen, event)]
}

/** A timed commit is of the one execution that has the switch. */
function judgeCommit({ holders, timed }: Seen, event: JournalEvent) {
  const { execution = '', seq } = event
  if (event.type === 'ActFinished' && event.act === 'arm' && event.outcome === 'done')
    timed.set(event.device, (timed.get(event.device) ?? 0) + 1)
  if (event.type !== 'ActIntended' || event.act !== 'arm') return []
  const holder = holders.get(event.device) ?? execution
  holders.set(event.device, execution)
  return holder === execution
    ? []
    : [`${seq}: ${execution} commits on ${event.device}, which ${holder} has not settled`]
}

function usedTwice(seen: Seen, nonce: string, id: string) {
  try {
    useApproval({ statements: [], uses: seen.uses, highestWall: 0 }, nonce, { id } as never)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function unsettled(fabric: RunningFabric) {
  try {
    assertSettled(fabric)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

const WORKFLOW = 'workflows/add-vlan.yaml'
/** So many acts are under way at once. */
const AT_ONCE = 4
/** The goal for what a page shows of the command line's work, in milliseconds. */
const SHOWN_WITHIN = 600
/** What the server waits by design before it shows a record: a look at the record, and a frame. The floor is measured by as long a wait. */
const WAITS = 350
/** What a page has not shown by then it does not show, in milliseconds. */
const LATEST = 5_000
const SETTLES_WITHIN = 120_000

/** What came of the acts of one seed. */
export interface BothHands {
  readonly seed: number
  /** How often each act ended how: `cli stop: 0`. */
  readonly ends: Readonly<Record<string, number>>
  readonly executions: number
  /** How long after the command line had done it a page showed it, in milliseconds. */
  readonly shown: { readonly count: number; readonly p95: number; readonly most: number }
  /** How long a wait of 350 ms and a question to the server took in the same run, in milliseconds. */
  readonly floor: number
  readonly wrong: readonly string[]
}

/** An execution as a list of the server has it. */
interface Listed {
  readonly id: string
  readonly plan: string | null
}

/** One act, as the command line and as the server take it. */
interface Act {
  readonly argv: readonly string[]
  readonly post: readonly [path: string, body: object]
  /** What every page of the overview shows once it is done. */
  readonly shows?: string
}

interface Drawn {
  readonly count: number
  readonly of: Listed
}

const reason = 'drill'
const about = (id: string, word: string, body: object = {}) => [`/api/v1/executions/${id}/${word}`, body] as const

/** All acts, each as often as it is to come up. */
const ACTS: Readonly<Record<string, readonly [weight: number, (drawn: Drawn) => Act]>> = {
  plan: [
    1,
    ({ count }) => ({
      argv: ['plan', WORKFLOW, '-p', `vlan=${200 + count}`, '-o', `${count}.plan`],
      post: ['/api/v1/plans', { workflow: WORKFLOW, params: { vlan: 200 + count } }],
    }),
  ],
  run: [
    9,
    ({ count }) => ({
      argv: ['run', WORKFLOW, '-p', `vlan=${200 + count}`, '--detach'],
      post: ['/api/v1/executions', { workflow: WORKFLOW, params: { vlan: 200 + count } }],
    }),
  ],
  approve: [
    9,
    ({ of: { id, plan } }) => ({
      argv: ['approve', id],
      post: [`/api/v1/plans/${plan}/decisions`, { decision: 'approve' }],
    }),
  ],
  resume: [3, ({ of: { id } }) => ({ argv: ['resume', id], post: about(id, 'resume') })],
  stop: [1, ({ of: { id } }) => ({ argv: ['stop', id, '--reason', reason], post: about(id, 'stop', { reason }) })],
  suspend: [
    1,
    ({ of: { id } }) => ({ argv: ['suspend', id, '--reason', reason], post: about(id, 'suspend', { reason }) }),
  ],
  redrive: [1, ({ of: { id } }) => ({ argv: ['redrive', id], post: about(id, 'redrive') })],
  rollback: [1, ({ of: { id } }) => ({ argv: ['rollback', id, '--detach'], post: about(id, 'rollback') })],
  freeze: [
    2,
    ({ count }) => ({
      argv: ['freeze', '--reason', `audit-${count}-of-racks`, '--for', '1h'],
      post: ['/api/v1/freezes', { reason: `audit-${count}-of-racks`, until: '1h' }],
      shows: `audit-${count}-of-racks`,
    }),
  ],
  unfreeze: [
    6,
    () => ({ argv: ['unfreeze', '--all', '--reason', reason], post: ['/api/v1/unfreeze', { reason, all: true }] }),
  ],
  snapshot: [
    1,
    () => ({ argv: ['snapshot', 'take', '-t', 'leaf1'], post: ['/api/v1/snapshots', { targets: 'leaf1' }] }),
  ],
  drift: [1, () => ({ argv: ['drift'], post: ['/api/v1/drift-checks', {}] })],
}

/** Does so many acts by a command line and at a server, on one store, in an order that the seed repeats; then has everything end, and judges the store. */
export async function workWithBothHands(seed: number, count: number): Promise<BothHands> {
  const own = await startOwnServer(BUILT)
  const { server } = own
  const page = openStream(server.origin, '/api/v1/stream?topics=overview&as=page', server.cookie)
  try {
    const hands = new Hands(own, page, seed)
    const floors = new Floors(server)
    await hands.work(count)
    const floor = await floors.end()
    const settled = await settle(own)
    const late = hands.late.toSorted((one, other) => one - other)
    const p95 = late[Math.ceil(late.length * 0.95) - 1] ?? 0
    const ratio = Math.max(1, floor / WAITS)
    const wrong = [
      ...hands.wrong,
      ...settled,
      ...(p95 > SHOWN_WITHIN * ratio ? [`a page shows the command line's work after ${p95} ms`] : []),
      ...(await judgeStore(own.dir, own.fabric)),
    ]
    const listed = await listOf(server, '')
    return {
      seed,
      ends: Object.fromEntries([...hands.ends].toSorted(([one], [other]) => one.localeCompare(other))),
      executions: listed.length,
      shown: { count: late.length, p95, most: late.at(-1) ?? 0 },
      floor,
      wrong,
    }
  } finally {
    page.close()
    await own.close()
  }
}

/** Whoever acts with both hands at once. */
class Hands {
  readonly ends = new Map<string, number>()
  readonly wrong: string[] = []
  readonly late: number[] = []
  readonly #own: OwnServer
  readonly #page: OpenStream
  readonly #random: SeededRandom
  readonly #under = new Set<Promise<void>>()
  #unfreezes = 0

  constructor(own: OwnServer, page: OpenStream, seed: number) {
    this.#own = own
    this.#page = page
    this.#random = new SeededRandom(seed)
  }

  async work(count: number): Promise<void> {
    const names = Object.entries(ACTS).flatMap(([name, [weight]]) => Array.from({ length: weight }, () => name))
    let known: readonly Listed[] = []
    for (let done = 0; done < count; done += 1) {
      // Drawn before anything is looked at: a seed means the same acts, whatever the time that they take.
      const [name, isCli, which] = [this.#one(names) ?? 'drift', this.#random.fraction() < 0.5, this.#random.fraction()]
      known = await listOf(this.#own.server, '?limit=20')
      const of = known[Math.floor(which * which * known.length)] ?? { id: 'none', plan: null }
      const act = ACTS[name]?.[1]({ count: done, of })
      if (act === undefined) continue
      if (name === 'unfreeze') this.#unfreezes += 1
      while (this.#under.size >= AT_ONCE) await Promise.race(this.#under)
      const work: Promise<void> = (isCli ? this.#typed(name, act) : this.#posted(name, act)).finally(() =>
        this.#under.delete(work),
      )
      this.#under.add(work)
    }
    await Promise.all(this.#under)
  }

  #one<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random.fraction() * list.length)]
  }

  async #typed(name: string, { argv, shows }: Act): Promise<void> {
    const { code, err } = await typedWithYes(this.#own.dir, ...argv)
    this.#count(`cli ${name}: ${code}`)
    if (code === 1 || code === 7) this.wrong.push(`eosflow ${argv.join(' ')}: exit ${code}\n${err}`)
    if (code === 0 && shows !== undefined) await this.#shown(shows)
  }

  async #posted(name: string, { post: [path, body] }: Act): Promise<void> {
    const { status, text }: Told = await this.#own.server.post(path, body)
    this.#count(`server ${name}: ${status}`)
    if (status >= 500) this.wrong.push(`POST ${path}: ${status}\n${text}`)
  }

  /** Waits until a page shows what a command has just done, unless the other hand has undone it meanwhile. */
  async #shown(what: string): Promise<void> {
    const [done, unfreezes] = [Date.now(), this.#unfreezes]
    while (Date.now() - done < LATEST) {
      const found = this.#page.events.find(({ event, data }) => event === 'region' && String(data.html).includes(what))
      if (found !== undefined) {
        this.late.push(Math.max(0, found.came - done))
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    if (this.#unfreezes === unfreezes) this.wrong.push(`no page has shown ${what}`)
  }

  #count(end: string): void {
    this.ends.set(end, (this.ends.get(end) ?? 0) + 1)
  }
}

/** How long the same waits and one question take while everything else goes on: the machine may be slow. */
class Floors {
  readonly #took: number[] = []
  readonly #over: Promise<void>
  #isOver = false

  constructor(server: ServerProcess) {
    this.#over = this.#measure(server)
  }

  async end(): Promise<number> {
    this.#isOver = true
    await this.#over
    const sorted = this.#took.toSorted((one, other) => one - other)
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? WAITS
  }

  async #measure(server: ServerProcess): Promise<void> {
    while (!this.#isOver) {
      const begun = Date.now()
      await new Promise((resolve) => setTimeout(resolve, WAITS))
      await server.get('/healthz')
      this.#took.push(Date.now() - begun)
    }
  }
}

async function listOf(server: ServerProcess, query: string) {
  const { json } = await server.get(`/api/v1/executions${query}`)
  return json.executions as readonly Listed[]
}

/** Ends every freeze, and then every execution that is open. Gives what has not ended. */
async function settle({ server, dir }: OwnServer) {
  await typedWithYes(dir, 'unfreeze', '--all', '--reason', 'over')
  const end = Date.now() + SETTLES_WITHIN
  for (;;) {
    const open = await listOf(server, '?state=open')
    if (open.length === 0) return []
    if (Date.now() > end) return open.map(({ id }) => `${id} has not ended`)
    for (const { id } of open) await server.post(`/api/v1/executions/${id}/stop`, { reason: 'over' })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
