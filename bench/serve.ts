import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServerProcess } from '../test/control-room/server-process.ts'
import type { Print } from './main.ts'
import { rounded } from './median.ts'
import { percentile } from './percentile.ts'
import { servedProject } from './served-project.ts'

const RECORDS = Number(process.env.SERVE_RECORDS ?? 100_000)
const SWITCHES = Number(process.env.SERVE_SWITCHES ?? 200)
const LISTS = 200
const WARM_UP = 5

const COMMAND = fileURLToPath(new URL('../dist/doors/cli/main.js', import.meta.url))

/** What people wait for most: lists, as pages and as documents, and one execution. */
const LIST_PATHS = [
  '/',
  '/executions',
  '/executions?state=open',
  '/switches',
  '/snapshots',
  '/record',
  '/api/v1/executions?limit=50',
  '/api/v1/switches',
] as const

/** How long a page of the control room takes, and how much CPU time of its server. */
export async function serve(print: Print): Promise<void> {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  const project = await servedProject(SWITCHES, RECORDS)
  try {
    print({ bench: 'serve', switches: SWITCHES, records: project.records })
    const server = await startServerProcess(project.dir, COMMAND)
    try {
      const of = `/executions/${project.one}`
      for (const path of [...LIST_PATHS, of, `/api/v1${of}`, `/api/v1${of}/view`])
        print({ bench: 'serve', path, ...(await list(server, path)) })
    } finally {
      await server.kill()
    }
  } finally {
    project.close()
  }
}

async function list(server: ServerProcess, path: string): Promise<object> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  for (let round = 0; round < WARM_UP; round += 1) await timed(agent, server.origin + path, server.cookie)
  const before = cpuOf(server.process.pid)
  for (let round = 0; round < LISTS; round += 1) times.push(await timed(agent, server.origin + path, server.cookie))
  const cpu = (cpuOf(server.process.pid) - before) / LISTS
  agent.destroy()
  return { p50: rounded(percentile(times, 50)), p99: rounded(percentile(times, 99)), limit: 100, cpu: rounded(cpu) }
}

/** The CPU time of a process so far, in milliseconds (proc(5), /proc/pid/stat: utime and stime, in ticks of 10 ms). */
function cpuOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** One request over a connection that is kept, from its first byte to the last of its answer. */
function timed(agent: Agent, url: string, cookie: string): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { cookie } }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - begun)
        else reject(new Error(`${url}: ${answer.statusCode}`))
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
