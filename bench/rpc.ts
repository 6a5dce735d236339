import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as send } from 'node:http'
import { createInterface } from 'node:readline'
import axios from 'axios'
import { Secret } from '../src/model/secret.ts'
import { axiosChannel } from '../src/transport/eapi/axios-channel.ts'

/** One way to send a request and hear its answer. */
interface Way {
  readonly name: string
  post(body: string): Promise<string>
  close(): void
}

const REQUESTS = 3000
const ROUNDS = 5
const ANSWER = JSON.stringify({ jsonrpc: '2.0', id: 'eosflow-1', result: [{ output: 'x'.repeat(430) }] })
const BODY = JSON.stringify({
  jsonrpc: '2.0',
  method: 'runCmds',
  params: { version: 'latest', cmds: ['show version'] },
})

/** A server of its own process, so that what is measured here is the client alone. */
const SERVER = `
const server = require('node:http').createServer((request, response) => {
  request.resume()
  request.on('end', () => response.end(process.argv[1]))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

/**
 * Client CPU per eAPI request, one at a time over one kept connection: raw `node:http`, axios with its own adapter, and
 * the channel that eosflow uses. Prints one JSON line per way (median of five alternated rounds, microseconds).
 */
export async function rpc(print: (line: object) => void): Promise<void> {
  const server = spawn(process.execPath, ['-e', SERVER, ANSWER], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = await once(createInterface(server.stdout), 'line')
    const ways = [rawHttp(Number(port)), plainAxios(Number(port)), eosflow(Number(port))]
    const rounds = new Map<string, number[]>(ways.map(({ name }) => [name, []]))
    for (const way of ways) await cpuPerRequest(way)
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of ways) rounds.get(way.name)?.push(await cpuPerRequest(way))
    }
    for (const way of ways) way.close()
    const raw = median(rounds.get('raw') ?? [])
    for (const [name, times] of rounds) {
      const cpuMicroseconds = Math.round(median(times))
      print({ bench: 'rpc', way: name, cpuMicroseconds, ratio: Number((median(times) / raw).toFixed(2)) })
    }
  } finally {
    server.kill()
  }
}

async function cpuPerRequest(way: Way): Promise<number> {
  const before = process.cpuUsage()
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    if ((await way.post(BODY)) !== ANSWER) throw new Error(`${way.name}: another answer`)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / REQUESTS
}

function rawHttp(port: number): Way {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { 'content-type': 'application/json-rpc', 'content-length': BODY.length }
  const options = { agent, host: '127.0.0.1', port, path: '/command-api', method: 'POST', headers }
  return {
    name: 'raw',
    post: (body) =>
      new Promise((resolve, reject) => {
        const request = send(options, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve(Buffer.concat(chunks).toString()))
        })
        request.on('error', reject)
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function plainAxios(port: number): Way {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const client = axios.create({
    baseURL: `http://127.0.0.1:${port}`,
    httpAgent: agent,
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformResponse: [(body) => body],
  })
  return {
    name: 'axios',
    post: async (body) => (await client.post<string>('/command-api', body)).data,
    close: () => agent.destroy(),
  }
}

function eosflow(port: number): Way {
  const endpoint = { name: 'bench', host: '127.0.0.1', port, protocol: 'http', tls: { mode: 'system' } } as const
  const credential = { username: 'bench', password: new Secret('bench') }
  const timeouts = { connectMilliseconds: 5000, answerMilliseconds: 5000 }
  const channel = axiosChannel(endpoint, credential, timeouts)
  return { name: 'eosflow', post: (body) => channel.post(body, undefined), close: () => channel.close() }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
