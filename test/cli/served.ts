import { request } from 'node:http'
import type { SocketLab } from '../lab/lab.ts'
import type { RunningProcess } from '../lab/process.ts'
import { logIn, type Visitor } from '../lab/visitor.ts'
import { start } from './running.ts'

/** A running `eosflow serve`, and a browser that has logged in there. */
export interface Served extends Visitor {
  readonly process: RunningProcess
  readonly origin: string
  /** Every event of a stream as it comes. */
  watch(path: string): { readonly text: () => string; close(): void }
}

/** What the terminal of a server shows when it listens: where, and the secret of the link. */
export const OPEN = /Open (http:\/\/localhost:\d+)\S*link=([0-9a-f]{64})/

/** Starts the built `eosflow serve` in a project, on a free port and with further settings, and logs in with its link. */
export async function serveProject(bench: SocketLab, settings = ''): Promise<Served> {
  bench.write('eosflow.yaml', `version: 1\nserver: { listen: "127.0.0.1:0" }\n${settings}`)
  const process = start(bench, 'serve')
  const [, origin = '', link = ''] = await process.said(OPEN)
  const visitor = await logIn(origin, link)
  return {
    ...visitor,
    process,
    origin,
    watch: (path) => {
      let text = ''
      const asked = request(origin + path, { headers: { cookie: visitor.cookie } }, (answer) => {
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
