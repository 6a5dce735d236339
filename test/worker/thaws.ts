import type { JournalEvent } from '../../src/journal/event.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { type Asked, judge } from './judge.ts'
import type { Machine, RequestLeft } from './machine.ts'
import { pause, type Team, type WorkerProcess } from './team.ts'
import type { Line } from './way.ts'

/** What is frozen, and how often. */
export interface ThawOptions {
  /** So many executions at least are to be frozen between the answer about their fence and the bytes to their switch. */
  readonly thaws: number
  readonly seed: number
  /** The command that the frozen workers run; absent: the one that is shipped. */
  readonly command?: string
  readonly say: (line: string) => void
}

/** What came of it. */
export interface ThawEnd {
  /** Executions that were frozen between the answer about their fence and the bytes to their switch, by the act that was announced. */
  readonly acts: Readonly<Record<string, number>>
  /** Workers that were frozen, and all executions that they had. */
  readonly workers: number
  readonly executions: number
  /** What thawed workers have sent, all of whose executions others had ended. */
  readonly late: readonly RequestLeft[]
  /** What of it a switch has been sent. */
  readonly reached: number
  /** What else is wrong, in words. */
  readonly wrong: readonly string[]
  readonly seconds: number
}

/** The first VLAN: no other test of the same switches has it. */
const VLANS = 2000
const VICTIMS = 4
/** Executions of each of them. */
const EACH = 6
/** How many answers a worker waits for at the same time: it has three sessions for questions. */
const TOGETHER = 3
/** How long other answers are waited for once one is held, and the ends of what frozen workers had, in milliseconds. */
const GATHER = 1_000
const PATIENCE = 90_000

/** An execution whose owner was frozen when it had been told that it may write, and what it had announced. */
interface Caught {
  readonly execution: string
  readonly act: string
}

/** What a worker is to be frozen at, and how long that is waited for, in milliseconds. */
const ACTS = ['stage', 'arm', 'confirm', 'save']
const WITHIN = 30_000

/** A record of an announced act as it is in the text of an append, and what it says. */
const ANNOUNCED = /\{[^{}]*?ActIntended[^{}]*/g
const EXECUTION = /"execution\\*":\\*"([0-9a-f-]+)/
const ACT = /"act\\*":\\*"([a-z]+)/

/** Holds back what the database answers about fences. */
class FenceHold {
  readonly #machine: Machine
  readonly #asked = new Map<Line, string>()
  /** The newest act of each execution. */
  readonly #acts = new Map<string, string>()
  readonly #held: Caught[] = []
  /** The act of which the first answer is to be. */
  #wanted: string | undefined
  #isHolding = false
  #caught: () => void = () => undefined
  readonly #released: Promise<void>
  #release: () => void = () => undefined

  constructor(machine: Machine, executions: () => readonly string[]) {
    this.#machine = machine
    this.#released = new Promise((resolve) => {
      this.#release = resolve
    })
    machine.tap = {
      sent: (bytes, line) => {
        if (bytes.includes('ActIntended')) {
          for (const [text] of bytes.toString('utf8').matchAll(ANNOUNCED))
            this.#acts.set(EXECUTION.exec(text)?.[1] ?? '', ACT.exec(text)?.[1] ?? '')
        }
        if (bytes.includes('SELECT fence(')) this.#asked.set(line, executions().find((id) => bytes.includes(id)) ?? '')
      },
      heard: (_, line) => this.#heard(line),
    }
  }

  #heard(line: Line): Promise<void> | undefined {
    const execution = this.#asked.get(line)
    if (execution === undefined) return undefined
    this.#asked.delete(line)
    const act = this.#acts.get(execution) ?? 'plan'
    const isFirst = this.#held.length === 0
    if (!this.#isHolding || (isFirst && this.#wanted !== undefined && act !== this.#wanted)) return undefined
    this.#held.push({ execution, act })
    if (isFirst || this.#held.length === TOGETHER) this.#caught()
    return this.#released
  }

  /** Freezes a worker once an answer about such an act is held, and others with it, and lets them go to it then; gives what they are about. */
  async freeze(worker: WorkerProcess, act: string): Promise<readonly Caught[]> {
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        this.#caught = resolve
      })
    const first = next()
    this.#wanted = act
    this.#isHolding = true
    await Promise.race([first, pause(WITHIN)])
    // Nothing of that kind is done any more: whatever comes next.
    this.#wanted = undefined
    await Promise.race([next(), pause(GATHER)])
    worker.process.kill('SIGSTOP')
    await pause(20)
    this.#isHolding = false
    this.#release()
    this.#machine.tap = {}
    return this.#held
  }
}

/**
 * Freezes workers in the moment in which the database has answered that they may write, has others end all that they drove, and thaws them: what
 * they send then is late.
 */
export async function thaws(team: Team, { thaws: wanted, seed, command, say }: ThawOptions): Promise<ThawEnd> {
  const begun = performance.now()
  const over = new AbortController()
  const asked = new Map<string, Asked & { readonly approved: number[] }>()
  const ended = new Set<string>()
  const following = team.follow((event: JournalEvent) => {
    const { execution: id = '' } = event
    if (event.type === 'ExecutionEnded') ended.add(id)
    if (event.type === 'TaskWaiting')
      void team.approve(id).then(
        () => asked.get(id)?.approved.push(Date.now()),
        (error: unknown) => say(`${id} could not be approved: ${String(error)}`),
      )
  }, over.signal)
  const machines = await Promise.all(Array.from({ length: VICTIMS + 1 }, (_, n) => team.machine(`v${n + 1}`)))
  const rounds: Rounds = { team, random: new SeededRandom(seed), command, asked, ended, machines, wrong: [] }
  const acts: Record<string, number> = {}
  const late: RequestLeft[] = []
  let [held, reached, workers, executions] = [0, 0, 0, 0]
  while (held < wanted) {
    const one = await round(rounds)
    for (const act of one.acts) acts[act] = (acts[act] ?? 0) + 1
    late.push(...one.late)
    held += one.acts.length
    reached += one.reached
    workers += VICTIMS
    executions += one.executions
    say(`${held} of ${wanted}: ${JSON.stringify(acts)}, late ${late.length}`)
  }
  over.abort()
  await following
  const records = new Map<string, readonly JournalEvent[]>()
  for (const id of asked.keys()) records.set(id, await team.app.store.read(id))
  await team.app.store.verifyChain()
  const { switches, writes } = await team.fabric.truth()
  const left = machines.flatMap((machine) => machine.left)
  const judged = judge({ asked, records, left, writes, switches, longest: PATIENCE })
  const seconds = (performance.now() - begun) / 1000
  return { acts, workers, executions, late, reached, wrong: [...rounds.wrong, ...judged.wrong], seconds }
}

/** What all rounds have. */
interface Rounds {
  readonly team: Team
  readonly random: SeededRandom
  readonly command: string | undefined
  readonly asked: Map<string, Asked & { readonly approved: number[] }>
  readonly ended: ReadonlySet<string>
  /** The first is that of whoever ends what the others had. */
  readonly machines: readonly Machine[]
  readonly wrong: string[]
}

/** Four workers are frozen, a fifth ends all that they had, and then they are thawed. */
async function round(given: Rounds) {
  const { team, random, command, ended, machines } = given
  const [rescuer, ...victims] = machines
  const own = command === undefined ? {} : { command }
  const hired = await Promise.all(
    victims.map(async (machine) => ({ machine, worker: await team.worker({ machine, limit: EACH, ...own }) })),
  )
  const ids: string[] = []
  const freezing = hired.map(async ({ machine, worker }) => {
    const act = ACTS[Math.floor(random.fraction() * ACTS.length)] ?? ''
    return new FenceHold(machine, () => ids).freeze(worker, act)
  })
  for (let count = 0; count < VICTIMS * EACH; count += 1) ids.push(await begin(given))
  const caught = (await Promise.all(freezing)).flat()
  const open = ids.filter((id) => !ended.has(id))
  const helper = await team.worker(rescuer === undefined ? {} : { machine: rescuer })
  for (const end = performance.now() + PATIENCE; open.some((id) => !ended.has(id)); await pause(50)) {
    if (performance.now() > end) throw new Error('what frozen workers had did not end')
  }
  const acts = caught.map(({ act }) => act)
  const thawed = Date.now()
  for (const { worker } of hired) worker.process.kill('SIGCONT')
  for (const { worker } of hired) {
    const code = await Promise.race([worker.ended, pause(40_000)])
    if (code !== 9)
      given.wrong.push(`${worker.name} was declared dead and ends with ${code}: ${worker.said().slice(-300)}`)
  }
  await pause(300)
  const late = victims.flatMap(({ left }) => left.filter(({ at }) => at >= thawed))
  const reached = (await team.fabric.truth()).writes.filter(({ at }) => at >= thawed).length
  helper.process.kill('SIGTERM')
  await helper.ended
  return { acts, late, reached, executions: open.length }
}

/** Begins a change of the next switch: one of an unclean takeover is in quarantine for a while. */
async function begin({ team, asked }: Rounds): Promise<string> {
  const devices = Object.keys(team.fabric.ports)
  const device = devices[asked.size % devices.length] ?? ''
  const vlan = VLANS + asked.size
  const id = await team.begin(device, vlan)
  asked.set(id, { device, vlan, approved: [] })
  return id
}
