import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-ports.ts'
import { BUILT } from '../lab/checkout.ts'

/** What the server answers, as JSON. */
type Answer = Readonly<Record<string, unknown>>

/** A running `eosflow serve`, and somebody who has logged in there. */
export interface DemoServer {
  /** The address of its pages. */
  readonly origin: string
  readonly process: ChildProcess
  get(path: string): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
}

/** So long without a sign of life is death for the server: the term of the workers is short, so that nobody waits for the demo. */
const TERM = 'ttl: 6s, beat: 1s'
const LINK = /Open (http:\/\/localhost:\d+)\S*link=([0-9a-f]{64})/

/** Starts `eosflow serve` in a project whose workers have begun, on a port of its own, and logs in with the link that its terminal shows. */
export async function startServer(dir: string): Promise<DemoServer> {
  const file = join(dir, 'eosflow.yaml')
  const settings = readFileSync(file, 'utf8').replace(/ttl: [\d.]+s, beat: [\d.]+s/, TERM)
  writeFileSync(file, `${settings}server: { listen: "127.0.0.1:${await freePort()}" }\n`)
  const child = spawn(process.execPath, [BUILT, 'serve'], { cwd: dir, env: { ...process.env, NO_COLOR: '1', CI: '1' } })
  let said = ''
  for (const end of [child.stdout, child.stderr])
    end.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  while (!LINK.test(said)) {
    if (child.exitCode !== null) throw new Error(`the server does not start: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const [, origin = '', link = ''] = LINK.exec(said) ?? []
  const own = { origin, 'sec-fetch-site': 'same-origin' }
  const form = { ...own, 'content-type': 'application/x-www-form-urlencoded' }
  const body = `link=${link}`
  const entered = await fetch(`${origin}/login`, { method: 'POST', headers: form, body, redirect: 'manual' })
  const cookie = /^[^;]+/.exec(entered.headers.get('set-cookie') ?? '')?.[0] ?? ''
  const get: DemoServer['get'] = async (path) => answered(await fetch(`${origin}${path}`, { headers: { cookie } }))
  const { token } = await get('/api/v1/me')
  const headers = { ...own, cookie, 'x-eosflow-token': String(token), 'content-type': 'application/json' }
  return {
    origin,
    process: child,
    get,
    post: async (path, what) =>
      answered(await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(what) })),
  }
}

async function answered(response: Response): Promise<Answer> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as Answer
}
