import { type IncomingMessage, request } from 'node:http'
import type { Bench } from '../e2e/harness.ts'
import { type Running, start } from './running.ts'

/** A running `eosflow serve`, and a browser that has logged in there. */
export interface Served {
  readonly process: Running
  readonly origin: string
  get(path: string): Promise<Told>
  post(path: string, body?: unknown): Promise<Told>
  /** Every event of a stream as it comes. */
  watch(path: string): { readonly text: () => string; close(): void }
}

/** What was answered. */
export interface Told {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly json: Record<string, unknown>
}

/** Asks a server, whatever name and whatever headers a test wants. */
export function ask(
  origin: string,
  method: string,
  path: string,
  { headers = {}, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asked = request(origin + path, { method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => {
        const isJson = /json/.test(answer.headers['content-type'] ?? '')
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: isJson ? JSON.parse(text) : {} })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Starts the built `eosflow serve` in a project, on a free port and with further settings, and logs in with its link. */
export async function serveProject(bench: Bench, settings = ''): Promise<Served> {
  bench.write('eosflow.yaml', `version: 1\nserver: { listen: "127.0.0.1:0" }\n${settings}`)
  const process = start(bench, 'serve')
  await process.said(/Open \S+/)
  const [, origin = '', link = ''] = /Open (http:\/\/localhost:\d+)\S*link=([0-9a-f]{64})/.exec(process.printed()) ?? []
  const own = { origin, 'sec-fetch-site': 'same-origin' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const entered = await ask(origin, 'POST', '/login', { headers: { ...own, ...form }, body: `link=${link}` })
  const cookie = /^[^;]+/.exec(entered.headers['set-cookie']?.[0] ?? '')?.[0] ?? ''
  const token = String((await ask(origin, 'GET', '/api/v1/me', { headers: { cookie } })).json.token)
  const json = { 'content-type': 'application/json', 'x-eosflow-token': token }
  return {
    process,
    origin,
    get: (path) => ask(origin, 'GET', path, { headers: { cookie } }),
    post: (path, body = {}) =>
      ask(origin, 'POST', path, { headers: { cookie, ...own, ...json }, body: JSON.stringify(body) }),
    watch: (path) => {
      let text = ''
      const asked = request(origin + path, { headers: { cookie } }, (answer) => {
        answer.on('data', (piece: Buffer) => {
          text += piece.toString()
        })
        answer.on('error', () => undefined)
      })
      asked.on('error', () => undefined)
      asked.end()
      return { text: () => text, close: () => asked.destroy() }
    },
  }
}

/** Waits in real time until something holds. */
export async function soon(holds: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
