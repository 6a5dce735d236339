import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PostgresAddress } from '../../../src/journal/postgres/address.ts'
import { newProject } from '../../cli/eosflow.ts'
import { inProcess } from '../../cli/in-process.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits } from '../../lab/exits.ts'
import { asSuperuser, emptyDatabase, serverForTests, urlOf } from '../../postgres/store-for-test.ts'

const servers = serverForTests()

/** A project whose changes are driven by workers, on a store in a database. */
async function driven(): Promise<{ readonly dir: string; readonly address: PostgresAddress }> {
  const address = await emptyDatabase(servers.server)
  const dir = await newProject()
  const store = `store: ${urlOf(address)}\nworkers: { dispatch: dbos, durability: single }\n`
  appendFileSync(join(dir, 'eosflow.yaml'), store)
  await exits(0, inProcess('store init', dir))
  return { dir, address }
}

const policy = (more: string): string =>
  `version: 1\nrules:\n  - { id: all, to: ['kind:person'], allow: [bundle.publish, audit.read, execution.read${more}] }\n`

/** What somebody types whom the published policy does not let. */
const ACTS = [
  ['worker.drain', ['drain', 'w1']],
  ['execution.stop', ['freeze', '--reason', 'mine']],
  ['device.unlock', ['release-device', 'leaf1', '--reason', 'mine']],
  ['clock.accept', ['audit', 'accept-clock', '--reason', 'mine']],
  ['audit.export', ['audit', 'export', '--format', 'jsonl']],
] as const

describe('where workers drive, who may do what is said by what is published', () => {
  test.each(everyNthOfLong(2, 'acts under a policy that only a folder has', ACTS))(
    '%s: a policy that only a folder has lets nobody',
    { tags: 'turn' },
    async (action, typed) => {
      const { dir } = await driven()
      writeFileSync(join(dir, 'policy.yaml'), policy(''))
      expect(await inProcess('publish', dir)).toMatchObject({ code: 0, stderr: '' })
      writeFileSync(join(dir, 'policy.yaml'), policy(`, ${action}`))
      const denied = await inProcess(typed, dir)
      expect(denied.stderr).toContain(`no rule allows`)
      expect(denied.code).toBe(4)
      const listed = await inProcess('audit list --code EF510 --json', dir)
      expect(listed.stdout).toContain(`"needs":"${action}"`)
      // Published, it holds.
      await exits(0, inProcess('publish', dir))
      expect((await inProcess(typed, dir)).code).not.toBe(4)
    },
  )

  test('nothing of it is asked of a folder whose bundle cannot be read', async () => {
    const { dir, address } = await driven()
    writeFileSync(join(dir, 'policy.yaml'), policy(', worker.drain'))
    await exits(0, inProcess('publish', dir))
    await asSuperuser(
      address,
      'SET session_replication_role = replica',
      'ALTER TABLE blob DISABLE TRIGGER ALL',
      'DELETE FROM blob',
    )
    const refused = await inProcess('drain w1', dir)
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('was altered or is missing') })
  })

  test('one that cannot be read is replaced under its own policy alone, and by one that can be read', {
    tags: 'turn',
  }, async () => {
    const { dir, address } = await driven()
    writeFileSync(join(dir, 'policy.yaml'), policy(', worker.drain'))
    await exits(0, inProcess('publish', dir))
    const onBlobs = (statement: string) =>
      asSuperuser(
        address,
        'SET session_replication_role = replica',
        'ALTER TABLE eosflow.blob DISABLE TRIGGER ALL',
        statement,
      )
    await onBlobs('DELETE FROM eosflow.blob')
    writeFileSync(join(dir, 'policy.yaml'), policy(', worker.drain, clock.accept'))
    expect(await inProcess('publish', dir)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('the policy of this folder is not the one that is in force'),
    })
    writeFileSync(join(dir, 'policy.yaml'), policy(', worker.drain'))
    expect(await inProcess('publish', dir)).toMatchObject({ code: 0, stderr: '' })
    expect((await inProcess('drain w1', dir)).code).not.toBe(5)

    await onBlobs("UPDATE eosflow.blob SET bytes = bytes || '\\x00'")
    const again = await inProcess('publish', dir)
    expect(again).toMatchObject({ code: 5, stderr: expect.stringContaining('was altered or is missing') })
    appendFileSync(join(dir, 'inventory.yaml'), '# another one\n')
    await exits(5, inProcess('publish', dir))
    const listed = await asSuperuser(
      address,
      "SELECT count(*)::int AS n FROM eosflow.register WHERE type = 'BundlePublished'",
    )
    expect(listed).toEqual([{ n: 1 }])
  })
})
