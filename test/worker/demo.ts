import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { postgresPrograms } from '../postgres/cluster.ts'
import { pause, startTeam, type WorkerProcess } from './team.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Shows that a change whose worker is killed is finished by another one: everything is started here, and taken away behind it. */
async function demo(): Promise<number> {
  if (postgresPrograms() === undefined) {
    say('! PostgreSQL is not installed here, and this demo needs its server.')
    say('  Debian, Ubuntu: apt install postgresql     Fedora: dnf install postgresql-server')
    say('  Or name the folder with initdb and postgres in EOSFLOW_POSTGRES.')
    return 1
  }
  if (!existsSync(fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)))) {
    say('! The command is not built. Next: npm run build')
    return 1
  }
  say('Starting PostgreSQL as a user without rights, eight simulated switches, and two workers …')
  const team = await startTeam(8)
  try {
    const workers = await Promise.all([team.worker(), team.worker()])
    say((await team.eosflow('workers')).out)
    const [device = ''] = Object.keys(team.fabric.ports)
    const id = await team.begin(device, 3100)
    say(`A change of ${device} is on record: ${id}. A worker plans it.`)
    await until(async () => (await records(id)).includes('TaskWaiting'))
    await team.approve(id)
    say('It is approved. A worker pushes it under the commit timer of the switch.')
    await until(async () => (await records(id)).includes('ActIntended'))
    await until(async () => (await ownerOf(id, workers)) !== undefined)
    await until(async () => (await team.fabric.truth()).switches[device]?.isArmed === true)
    const owner = await ownerOf(id, workers)
    owner?.process.kill('SIGKILL')
    const killed = Date.now()
    say(`\nThe commit timer runs, and worker ${owner?.id} is killed (kill -9).`)
    await until(async () => (await records(id)).at(-1) === 'ExecutionEnded')
    say(`${seconds(killed)} later the change has ended:\n`)
    say(
      (await team.eosflow('history', id)).out
        .split('\n')
        .filter((line) => KEPT.test(line))
        .join('\n'),
    )
    say((await team.eosflow('show', id)).out)
    say((await team.eosflow('workers')).out)
    const { running = '' } = (await team.fabric.truth()).switches[device] ?? {}
    const isThere = running.includes('vlan 3100')
    say(isThere ? `${device} has VLAN 3100: the other worker has finished the change.` : `! ${device} has no VLAN 3100`)
    for (const { process: child } of workers) child.kill('SIGTERM')
    return isThere ? 0 : 1
  } finally {
    await team.close()
  }

  async function records(id: string): Promise<readonly string[]> {
    return (await team.app.store.read(id)).map(({ type }) => type)
  }

  async function ownerOf(id: string, workers: readonly WorkerProcess[]): Promise<WorkerProcess | undefined> {
    const rows = (await team.app.workers?.list()) ?? []
    const row = rows.find(({ driven }) => driven.some(({ execution }) => execution === id))
    return workers.find((worker) => worker.id === row?.id)
  }
}

/** What of the record shows who did what. */
const KEPT = /ExecutionStarted|ExecutionResumed|ApprovalDecided|Act(?:Intended|Finished)|ExecutionEnded/

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); await pause(50)) {
    if (Date.now() > end) throw new Error('it took longer than a minute')
  }
}

process.exitCode = await demo()
