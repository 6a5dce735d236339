import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setup } from '../test/build.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

/** So many turns, of which the first warms up, with so many requests of each kind to each server. */
const TURNS = 6
const REQUESTS = Number(process.env.EOSFLOW_REQUESTS ?? 1000)
/** The demand: requests in a second of the CPU, by those of `node:http`. */
const LEAST = 0.5

const ASKED: Readonly<Record<string, readonly (string | { readonly cmd: string })[]>> = {
  '/version': ['show version'],
  '/interfaces': ['show interfaces'],
  '/running-config': ['enable', 'show running-config'],
}

/**
 * What a simulated switch takes of the CPU for an answer, in microseconds, beside a server of `node:http` that parses the same requests and serialises
 * the same answers: each in a process of its own, in turns. Exits 1 where the switch gives less than half as many for the same CPU.
 */
export async function answers(print: Print): Promise<void> {
  setup()
  const [switched, plain] = [started('simulated'), started('plain')]
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  try {
    const [port] = (await once(switched, 'message')) as [number]
    const bodies: Record<string, string> = {}
    for (const path of Object.keys(ASKED)) bodies[path] = await asked(agent, port, '/command-api', path)
    plain.send(bodies)
    const [other] = (await once(plain, 'message')) as [number]
    for (const [path, body] of Object.entries(bodies)) {
      const taken: { readonly simulator: number; readonly http: number }[] = []
      for (let turn = 0; turn < TURNS; turn += 1) {
        const simulator = await cpuOf(switched, () => all(agent, port, '/command-api', path))
        taken.push({ simulator, http: await cpuOf(plain, () => all(agent, other, path, path)) })
      }
      const [simulator, http] = (['simulator', 'http'] as const).map((of) =>
        median(taken.slice(1).map((one) => one[of])),
      )
      const times = rounded((http ?? 0) / (simulator ?? 1))
      print({
        bench: 'answers',
        of: path.slice(1),
        bytes: body.length,
        simulator: rounded(simulator ?? 0),
        http: rounded(http ?? 0),
        times,
      })
      if (times < LEAST) process.exitCode = 1
    }
  } finally {
    agent.destroy()
    switched.disconnect()
    plain.disconnect()
  }
}

function started(kind: string): ChildProcess {
  return fork(fileURLToPath(new URL('./answering.mjs', import.meta.url)), [kind], { execArgv: [] })
}

/** Microseconds of the CPU for a request. */
async function cpuOf(server: ChildProcess, work: () => Promise<void>): Promise<number> {
  const read = async (): Promise<number> => {
    server.send('cpu')
    const [{ user, system }] = (await once(server, 'message')) as [NodeJS.CpuUsage]
    return user + system
  }
  const before = await read()
  await work()
  return ((await read()) - before) / REQUESTS
}

/** Four at a time. */
async function all(agent: Agent, port: number, path: string, kind: string): Promise<void> {
  let left = REQUESTS
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await asked(agent, port, path, kind)
    }
  }
  await Promise.all(Array.from({ length: 4 }, one))
}

function asked(agent: Agent, port: number, path: string, kind: string): Promise<string> {
  const params = { version: 1, format: 'json', cmds: ASKED[kind] }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'bench', method: 'runCmds', params })
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
      'content-length': Buffer.byteLength(body),
    }
    request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    })
      .on('error', reject)
      .end(body)
  })
}
