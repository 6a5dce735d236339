import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeStore } from '../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { type ExecutionEvent, openProject } from '../../../src/index.ts'
import { startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { readOrMakeInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { DC1, inventoryOf, temporaryFolder, whereIs, workflowFor } from '../../lab/lab.ts'
import { type Database, startDatabase } from '../../project/worker/database.ts'

/** Goes away for a second, and for two. */
async function twice(database: Database) {
  await database.restart(1_000)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await database.restart(2_000)
}

test('who follows an execution, or waits for its end, rides out a database that restarts twice', {
  tags: 'turn',
  timeout: 240_000,
}, async () => {
  const database = await startDatabase()
  onTestFinished(() => database.end())
  const fabric = await startFabric({ folder: DC1, clock: systemClock })
  onTestFinished(() => fabric.close())
  const folder = temporaryFolder({
    'eosflow.yaml': `version: 1\nstore: postgres://postgres@127.0.0.1:${database.port}/postgres\nworkers: { durability: single }\n`,
    'inventory.yaml': inventoryOf(fabric),
    'workflow.yaml': workflowFor('leaf1', {
      push: '{ confirmWithin: 10m }',
      verify: '{ within: 60s, stableFor: 10s, every: 2s, checks: [reachable] }',
    }),
  })
  const key = readOrMakeInstallKey(join(folder, '.eosflow'), {})
  const address = { host: '127.0.0.1', port: database.primary.port, database: 'postgres', user: 'postgres' }
  await makeStore(address, new KeyRing(key))
  const asked = { folder, caller: { kind: 'local' }, env: {} } as const
  await using runs = await openProject(asked)
  await using watches = await openProject(asked)
  const { plan, digest } = await runs.plan({ workflow: 'workflow.yaml' })
  const { execution } = await runs.start({ plan, approve: digest })
  const end = watches.settled(execution)
  const seen: ExecutionEvent[] = []
  let restarts: Promise<void> | undefined
  for await (const event of watches.follow(execution)) {
    seen.push(event)
    // Ten seconds of verification follow, in which both wait for the next record.
    if (event.type === 'VerdictGiven') restarts ??= twice(database)
  }
  await restarts
  expect(restarts).toBeDefined()
  expect(seen[0]).toMatchObject({ type: 'ExecutionStarted' })
  expect(seen).toEqual(await watches.history(execution))
  expect(seen.at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
  expect(await end).toMatchObject({ id: execution, outcome: 'succeeded', exitCode: 0 })
  expect(whereIs(fabric.device('leaf1'))).toBe('AFTER')
})
