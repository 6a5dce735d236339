import type { JournalEvent } from '../../src/journal/event.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { pause, type Team, TTL, type WorkerProcess } from './team.ts'

/** What a storm is made of. */
export interface StormOptions {
  readonly executions: number
  readonly workers: number
  /** Executions that are under way at the same time: at most one for each switch. */
  readonly atOnce: number
  readonly seed: number
  /** How often something happens to a worker, in milliseconds. */
  readonly faultEvery: number
  /** How often the server of the database is killed and started again, in milliseconds; absent: never. */
  readonly outageEvery?: number
  readonly say: (line: string) => void
}

/** How executions ended, what the switches say to that, and how long nobody drove them. */
export interface StormEnd {
  readonly outcomes: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** Executions whose end is not true on the switch, in words. */
  readonly untrue: readonly string[]
  /** Executions without an end. */
  readonly unsettled: readonly string[]
  /** Switches on which a commit timer runs behind all ends. */
  readonly armed: readonly string[]
  /** For each execution whose worker was killed or frozen for longer than the TTL: how long nobody drove it, in milliseconds. */
  readonly failovers: readonly number[]
  /** How often an execution was taken over from a dead owner. */
  readonly takeovers: number
  readonly seconds: number
}

/** What is known of one execution while it runs. */
interface Followed {
  readonly device: string
  readonly vlan: number
  outcome?: string
  ended: () => void
}

/** Runs changes while workers are killed and frozen, and judges their ends by what the switches are then. */
export async function storm(team: Team, options: StormOptions): Promise<StormEnd> {
  const { executions, atOnce, seed, faultEvery, outageEvery, say } = options
  const random = new SeededRandom(seed)
  const below = (limit: number): number => Math.floor(random.fraction() * limit)
  const begun = performance.now()
  const over = new AbortController()
  const followed = new Map<string, Followed>()
  const early = new Map<string, string>()
  const faults: Record<string, number> = {}
  const failovers: number[] = []
  const orphans = new Map<string, number>()
  let takeovers = 0
  const approve = async (id: string): Promise<void> => {
    for (let tries = 0; tries < 20; tries += 1) {
      try {
        return await team.approve(id)
      } catch {
        await pause(500)
      }
    }
    say(`${id} could not be approved`)
  }
  const resumed = ({ execution = '', at }: JournalEvent, isTakeover: boolean): void => {
    const since = orphans.get(execution)
    orphans.delete(execution)
    if (!isTakeover) return
    takeovers += 1
    if (since !== undefined) failovers.push(Date.parse(at) - since)
  }
  const ended = (id: string, outcome: string): void => {
    orphans.delete(id)
    const one = followed.get(id)
    if (one === undefined) early.set(id, outcome)
    else {
      one.outcome = outcome
      one.ended()
    }
  }
  const following = team.follow((event) => {
    const { execution: id } = event
    if (id === undefined) return
    if (event.type === 'TaskWaiting') void approve(id)
    if (event.type === 'ExecutionResumed') resumed(event, event.ownerDied === true)
    if (event.type === 'ExecutionEnded') ended(id, event.outcome)
  }, over.signal)

  const crew: WorkerProcess[] = []
  const hire = async (): Promise<void> => {
    const worker = await team.worker()
    crew.push(worker)
    void worker.ended.then(async () => {
      crew.splice(crew.indexOf(worker), 1)
      if (!over.signal.aborted) await hire().catch((error: unknown) => say(String(error)))
    })
  }
  for (let count = 0; count < options.workers; count += 1) await hire()
  say(`${crew.length} workers`)

  const drivenBy = async ({ id }: WorkerProcess): Promise<readonly string[]> => {
    const rows = (await team.app.workers?.list().catch(() => [])) ?? []
    return rows.find((row) => row.id === id)?.driven.map(({ execution }) => execution) ?? []
  }
  const count = (fault: string): void => {
    faults[fault] = (faults[fault] ?? 0) + 1
  }
  const harm = async (): Promise<void> => {
    const worker = crew[below(crew.length)]
    if (worker === undefined) return
    const driven = await drivenBy(worker)
    const at = Date.now()
    if (below(2) === 0) {
      count('kill -9')
      worker.process.kill('SIGKILL')
      for (const id of driven) orphans.set(id, at)
      return
    }
    const length = 200 + below(5 * TTL - 200)
    count(length > TTL ? 'frozen for longer than the TTL' : 'frozen for less')
    worker.process.kill('SIGSTOP')
    if (length > 2 * TTL) for (const id of driven) orphans.set(id, at)
    void pause(length).then(() => worker.process.kill('SIGCONT'))
  }
  const harming = (async () => {
    while (!over.signal.aborted) {
      await pause(faultEvery)
      if (!over.signal.aborted) await harm()
    }
  })()
  const outages = (async () => {
    while (outageEvery !== undefined && !over.signal.aborted) {
      await Promise.race([pause(outageEvery), aborted(over.signal)])
      if (over.signal.aborted) return
      count('database killed')
      orphans.clear()
      await team.cluster.stop('immediate')
      await pause(1000)
      await team.cluster.start()
    }
  })()

  const free = Object.keys(team.fabric.ports)
  let next = 0
  const runOne = async (): Promise<void> => {
    while (next < executions) {
      const number = next
      next += 1
      const device = free.shift()
      if (device === undefined) throw new Error('more at once than there are switches')
      const vlan = 200 + number
      const id = await again(() => team.begin(device, vlan))
      await new Promise<void>((resolve) => {
        const one: Followed = { device, vlan, ended: resolve }
        followed.set(id, one)
        const before = early.get(id)
        if (before !== undefined) {
          one.outcome = before
          resolve()
        }
        void pause(180_000).then(resolve)
      })
      free.push(device)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runOne))
  over.abort()
  await Promise.all([harming, outages, following])
  for (const worker of crew) {
    worker.process.kill('SIGCONT')
    worker.process.kill('SIGTERM')
  }
  await Promise.race([Promise.all(crew.map(({ ended }) => ended)), pause(20_000)])
  return {
    ...(await judged(team, followed)),
    faults,
    failovers,
    takeovers,
    seconds: (performance.now() - begun) / 1000,
  }
}

async function judged(team: Team, followed: ReadonlyMap<string, Followed>) {
  const { switches } = await team.fabric.truth()
  const outcomes: Record<string, number> = {}
  const untrue: string[] = []
  const unsettled: string[] = []
  for (const [id, { device, vlan, outcome }] of followed) {
    if (outcome === undefined) {
      unsettled.push(id)
      continue
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const { running = '', startup = '' } = switches[device] ?? {}
    const [runs, boots] = [running, startup].map((text) => text.split('\n').includes(`vlan ${vlan}`))
    const isIn = outcome === 'succeeded'
    if (runs !== isIn || boots !== isIn) untrue.push(`${id} ${outcome}: ${device} runs it: ${runs}, boots it: ${boots}`)
  }
  const armed = Object.entries(switches).flatMap(([name, { isArmed }]) => (isArmed ? [name] : []))
  return { outcomes, untrue, unsettled, armed }
}

/** A server that is away for a moment is asked again. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === 20) throw error
      await pause(500)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** A percentile of some numbers. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
