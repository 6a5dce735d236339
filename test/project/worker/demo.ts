import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { OPEN } from '../../doors/cli/running.ts'
import { freePort } from '../../free-ports.ts'
import { BUILT, soon, startBuilt } from '../../lab/lab.ts'
import { logIn, type Told } from '../../lab/visitor.ts'
import { postgresPrograms } from '../../postgres/cluster.ts'
import { startTeam, type WorkerProcess } from './team.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Shows that a change whose worker is killed is finished by another one: everything is started here, and taken away behind it. */
async function demo() {
  if (postgresPrograms() === undefined) {
    say('! PostgreSQL is not installed here, and this demo needs its server.')
    say('  Debian, Ubuntu: apt install postgresql     Fedora: dnf install postgresql-server')
    say('  Or name the folder with initdb and postgres in EOSFLOW_POSTGRES.')
    return 1
  }
  if (!existsSync(BUILT)) {
    say('! The command is not built. Next: npm run build')
    return 1
  }
  say('Starting PostgreSQL as a user without rights, eight simulated switches, two workers, and a server …')
  const team = await startTeam(8)
  let server: DemoServer | undefined
  try {
    const workers = await Promise.all([team.worker(), team.worker()])
    server = await startServer(team.dir)
    const { get, post, origin } = server
    say(`eosflow serve listens at ${origin}. It is a client of the workers, as its pages and its API are.`)
    say((await team.eosflow('workers')).out)
    const [device = ''] = Object.keys(team.fabric.ports)
    const begun = await post('/api/v1/executions', { workflow: 'vlan.yaml', params: { vlan: 3100 }, targets: device })
    const id = String(begun.execution)
    const shown = () => get(`/api/v1/executions/${id}`)
    say(`A change of ${device} was begun at the server: ${id}. A worker plans it.`)
    await soon(async () => ((await shown()).waitingFor as readonly unknown[] | undefined)?.length === 1, 60_000)
    await post(`/api/v1/plans/${(await shown()).plan}/decisions`, { decision: 'approve', comment: '' })
    say('It is approved there. A worker pushes it under the commit timer of the switch.')
    // One that dies before it has read the answer leaves a change that is put back.
    await soon(async () => (await team.app.store.read(id)).some(isArmed), 60_000)
    const owner = await ownerOf(id, workers)
    if (owner === undefined) throw new Error('it ended before its worker was killed')
    owner.process.kill('SIGKILL')
    const killed = Date.now()
    say(`\nThe commit timer runs, and worker ${owner.id} is killed (kill -9).`)
    let watched = ''
    await soon(async () => {
      const { status, outcome, seq } = await shown()
      const now = status === 'ended' ? `${status}, ${outcome}` : String(status)
      if (now !== watched) say(`  ${seconds(killed)}: the server says: ${now} (record ${seq})`)
      watched = now
      return status === 'ended'
    }, 60_000)
    const isSaid = (await shown()).outcome === 'succeeded'
    say(`${seconds(killed)} later the change has ended:\n`)
    say(
      (await team.eosflow(`history ${id}`)).out
        .split('\n')
        .filter((line) => KEPT.test(line))
        .join('\n'),
    )
    say((await team.eosflow(`show ${id}`)).out)
    say((await team.eosflow('workers')).out)
    const { running = '', startup = '' } = (await team.fabric.truth()).switches[device] ?? {}
    const isThere = isSaid && [running, startup].every((text) => text.includes('vlan 3100'))
    say(isThere ? `The server at ${origin} says: succeeded.` : '! The server does not say: succeeded')
    say(isThere ? `${device} has VLAN 3100: the other worker has finished the change.` : `! ${device} has no VLAN 3100`)
    for (const { process: child } of workers) child.kill('SIGTERM')
    return isThere ? 0 : 1
  } finally {
    server?.process.kill('SIGKILL')
    await team.close()
  }

  async function ownerOf(id: string, workers: readonly WorkerProcess[]) {
    const rows = (await team.app.shared?.workers.list()) ?? []
    const row = rows.find(({ driven }) => driven.some(({ execution }) => execution === id))
    return workers.find((worker) => worker.id === row?.id)
  }
}

const isArmed = (event: JournalEvent) => event.type === 'ActFinished' && event.act === 'arm'

/** What of the record shows who did what. */
const KEPT = /ExecutionStarted|ExecutionResumed|ApprovalDecided|Act(?:Intended|Finished)|ExecutionEnded/

process.exitCode = await demo()

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

/** Starts `eosflow serve` in a project whose workers have begun, on a port of its own, and logs in with the link that its terminal shows. */
export async function startServer(dir: string): Promise<DemoServer> {
  const file = join(dir, 'eosflow.yaml')
  // So long without a sign of life is death for the server: the term of the workers is short, so that the demo takes no longer.
  const settings = readFileSync(file, 'utf8').replace(/ttl: [\d.]+s, beat: [\d.]+s/, 'ttl: 6s, beat: 1s')
  writeFileSync(file, `${settings}server: { listen: "127.0.0.1:${await freePort()}" }\n`)
  const { child, said } = startBuilt(dir, ['serve'])
  const [, origin = '', link = ''] = await said(OPEN)
  const visitor = await logIn(origin, link)
  return {
    origin,
    process: child,
    get: async (path) => answered(await visitor.get(path)),
    post: async (path, body) => answered(await visitor.post(path, body)),
  }
}

function answered({ status, text, json }: Told) {
  if (status >= 300) throw new Error(`${status} ${text}`)
  return json
}
