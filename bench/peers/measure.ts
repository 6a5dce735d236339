import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Peer } from './peer.ts'
import { writeProject } from './project.ts'
import { type Seen, startSwitches } from './switches.ts'

const METER = fileURLToPath(new URL('./metered.py', import.meta.url))

/** What one change by one peer has taken. */
export interface Taken {
  /** Of the peer's commands together, from the beginning of the first to the end of the last, in seconds. */
  readonly wall: number
  /** User and system CPU of its processes and of all that they began, in seconds. */
  readonly cpu: number
  /** The same, of each of its commands. */
  readonly cpuOfEach: readonly number[]
  /** The most memory that all of its processes had at one time, in MB; what they share counts once. */
  readonly memory: number
  readonly seen: Seen
  /** The load of the machine when it began. */
  readonly load: number
  /** Why it does not count; undefined when every switch was changed. */
  readonly failure?: string
}

/** Lets a peer make the change on as many switches that nobody has asked anything yet, so many at a time. */
export async function measure(peer: Peer, count: number, width: number): Promise<Taken> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-peers-'))
  const switches = await startSwitches(count)
  try {
    writeProject(dir, switches.all, width)
    const [load = 0] = loadavg()
    const total = { wall: 0, cpu: 0, memory: 0, cpuOfEach: [] as number[] }
    for (const command of peer.commands) {
      const { code, wall, cpu, memory } = await metered(dir, command(dir), { ...peer.env, WIDTH: `${width}` })
      total.wall += wall
      total.cpu += cpu
      total.cpuOfEach.push(cpu)
      total.memory = Math.max(total.memory, memory)
      if (code !== 0) return { ...total, load, seen: await switches.seen(), failure: `exit ${code}: ${lastWords(dir)}` }
    }
    const seen = await switches.seen()
    const isDone = seen.running === count && seen.saved === count && seen.leftOver === 0
    return { ...total, load, seen, ...(isDone ? {} : { failure: 'not every switch was changed' }) }
  } finally {
    switches.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Metered {
  readonly code: number
  readonly wall: number
  readonly cpu: number
  readonly memory: number
}

async function metered(dir: string, argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Metered> {
  const result = join(dir, 'usage.json')
  const child = spawn('python3', [METER, result, ...argv], {
    cwd: dir,
    env: { ...process.env, ANSIBLE_FORKS: env.WIDTH, ...env, HOME: dir, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(join(dir, 'said.log'))
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  await once(child, 'close')
  log.end()
  return JSON.parse(readFileSync(result, 'utf8')) as Metered
}

function lastWords(dir: string): string {
  return readFileSync(join(dir, 'said.log'), 'utf8').slice(-1500)
}
