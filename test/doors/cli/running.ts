import { request } from 'node:http'
import { main } from '../../../src/doors/cli/program.ts'
import { ADD_VLAN, leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import {
  json,
  openLab,
  type ProcessLab,
  type ProjectOptions,
  type RunningProcess,
  type SocketLab,
} from '../../lab/lab.ts'
import { logIn, type Visitor } from '../../lab/visitor.ts'

/** A change that is verified for half a minute, so that there is time to do something meanwhile. */
export const LONG: ProjectOptions = {
  ...PROJECT_FILES,
  files: {
    ...PROJECT_FILES.files,
    'workflows/add-vlan.yaml': ADD_VLAN.replace('within: 2s', 'within: 40s').replace('stableFor: 0s', 'stableFor: 30s'),
  },
}

/** One or two leaves, the project that changes them, and its processes. */
export const openLeaves = (count: 1 | 2, project = PROJECT_FILES) =>
  openLab({ world: 'processes', switches: leaves(count), ...project })

/** Starts the approved change of VLAN 120 in a process of its own. */
export async function startChange(bench: ProcessLab): Promise<RunningProcess> {
  const plan = await bench.eosflow('plan workflows/add-vlan.yaml -p vlan=120 -o p.plan')
  const approved = await bench.eosflow('approve p.plan')
  if (plan.code !== 0 || approved.code !== 0) throw new Error(plan.err + approved.err)
  return bench.start('run p.plan')
}

/** The records of the newest execution. */
export async function historyOf(bench: SocketLab): Promise<readonly { readonly type: string; readonly seq: number }[]> {
  return await json(bench.eosflow('history @latest --json'))
}

/** Begins the change of VLAN 120 in this process, at a terminal whose person is asked and never answers. Resolves when they are asked. */
export async function askedForEver({ dir }: Pick<SocketLab, 'dir'>): Promise<{ readonly running: Promise<number> }> {
  let running: Promise<number> | undefined
  await new Promise<void>((asked) => {
    running = main(['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'], {
      env: {},
      cwd: dir,
      out: () => undefined,
      err: () => undefined,
      interactive: true,
      color: false,
      ask: (_question, signal) =>
        new Promise((resolve) => {
          asked()
          signal?.addEventListener('abort', () => resolve(undefined))
        }),
      stop: new AbortController().signal,
    })
  })
  return { running: running ?? Promise.reject(new Error('nothing runs')) }
}

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
export async function serveProject(bench: ProcessLab, settings = ''): Promise<Served> {
  bench.write('eosflow.yaml', `version: 1\nserver: { listen: "127.0.0.1:0" }\n${settings}`)
  const process = bench.start('serve')
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
