import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from '../src/change/record/postgres/database.ts'
import { setup } from '../test/build.ts'
import { pause, startTeam, type Team } from '../test/project/worker/team.ts'
import { vlanWorkflow } from '../test/project/worker/vlan-workflow.ts'
import type { Print } from './main.ts'

const BUILT = fileURLToPath(new URL('../dist/doors/cli/main.js', import.meta.url))
const SECONDS = 15

const WORKFLOW = vlanWorkflow({ name: 'long', confirmWithin: '60m', verify: 'within: 50m, stableFor: 45m, every: 10s' })

/**
 * How many statements a second the database is asked by processes that have nothing to do: a worker, a worker that drives a change which is being
 * verified, somebody who watches it, and a server. Counted by pg_stat_statements, each the increase over the processes before.
 */
export async function questions(print: Print): Promise<void> {
  setup()
  const team = await startTeam(4)
  const processes: (() => void)[] = []
  try {
    const session = new Session(
      { host: '127.0.0.1', port: team.database.primary.port, database: 'postgres', user: 'postgres' },
      { name: 'bench' },
    )
    await session.open()
    await session.send("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    await session.close()
    await team.database.primary.stop('fast')
    await team.database.primary.start()
    const asking = new Session(
      { host: '127.0.0.1', port: team.database.primary.port, database: 'postgres', user: 'postgres' },
      { name: 'bench' },
    )
    await asking.open()
    await asking.send('CREATE EXTENSION pg_stat_statements WITH SCHEMA public')
    let before = 0
    const measure = async (what: string): Promise<void> => {
      await pause(3000)
      await asking.send('SELECT public.pg_stat_statements_reset()')
      await pause(SECONDS * 1000)
      const { rows } = await asking.send(
        "SELECT query, calls FROM public.pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY calls DESC",
      )
      const perSecond = rows.reduce((sum, { calls }) => sum + Number(calls), 0) / SECONDS
      const most = rows.slice(0, 3).map(({ query, calls }) => ({
        query: String(query).replaceAll(/\s+/g, ' ').slice(0, 60),
        perSecond: Number((Number(calls) / SECONDS).toFixed(1)),
      }))
      print({ bench: 'questions', what, perSecond: Number((perSecond - before).toFixed(1)), most })
      before = perSecond
    }
    const behind = (...argv: readonly string[]): void => {
      const child = spawn(process.execPath, [BUILT, ...argv], { cwd: team.dir, stdio: 'ignore' })
      processes.push(() => child.kill('SIGTERM'))
    }
    await team.worker()
    await measure('a worker')
    const id = await live(team)
    await measure('a change that it verifies')
    behind('watch', id)
    await measure('somebody who watches it')
    behind('serve', '--port', '0')
    await measure('a server')
    await asking.close()
  } finally {
    for (const end of processes) end()
    await team.close()
  }
}

/** Begins a change, and waits until it is live. */
async function live(team: Team): Promise<string> {
  writeFileSync(join(team.dir, 'vlan.yaml'), WORKFLOW)
  const id = await team.begin(Object.keys(team.fabric.ports)[0] ?? '', 300)
  const until = async (type: string): Promise<void> => {
    while (!(await team.app.store.read(id)).some((event) => event.type === type)) await pause(100)
  }
  await until('TaskWaiting')
  await team.approve(id)
  await until('ActFinished')
  return id
}
