import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newProject } from '../../../doors/cli/eosflow.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { asSuperuser, emptyDatabase, serverForTests, urlOf } from '../../../postgres/store-for-test.ts'
import { typedIn } from '../../record/upkeep/typed-in.ts'

const servers = serverForTests()

/** A project whose changes are driven by workers, on a store in a database. */
async function driven() {
  const address = await emptyDatabase(servers.server)
  const dir = await newProject()
  const store = `store: ${urlOf(address)}\nworkers: { dispatch: dbos, durability: single }\n`
  appendFileSync(join(dir, 'eosflow.yaml'), store)
  const typed = typedIn(dir)
  await typed.done('store', 'init')
  return { dir, address, ...typed, writes: (more: string) => writeFileSync(join(dir, 'policy.yaml'), policy(more)) }
}

const policy = (more: string) =>
  `version: 1\nrules:\n  - { id: all, to: ['kind:person'], allow: [bundle.publish, audit.read, execution.read${more}] }\n`

/** What somebody types whom the published policy does not let. */
const ACTS = [
  ['worker.drain', ['drain', 'w1']],
  ['execution.stop', ['freeze', '--reason', 'mine']],
  ['device.unlock', ['release-device', 'leaf1', '--reason', 'mine']],
  ['clock.accept', ['audit', 'accept-clock', '--reason', 'mine']],
  ['audit.export', ['audit', 'export', '--format', 'jsonl']],
] as const

describe('where workers drive, who may do what is said by what is published', { tags: 'turn' }, () => {
  test.each(everyNthOfLong(2, 'acts under a policy that only a folder has', ACTS))(
    '%s: a policy that only a folder has lets nobody',
    async (action, typed) => {
      const { eosflow, done, writes } = await driven()
      writes('')
      await done('publish')
      writes(`, ${action}`)
      const denied = await eosflow(...typed)
      expect(denied.stderr).toContain(`no rule allows`)
      expect(denied.code).toBe(4)
      const listed = await eosflow('audit', 'list', '--code', 'EF510', '--json')
      expect(listed.stdout).toContain(`"needs":"${action}"`)
      // Published, it holds.
      await done('publish')
      expect((await eosflow(...typed)).code).not.toBe(4)
    },
  )

  test('nothing of it is asked of a folder whose bundle cannot be read', async () => {
    const { address, done, refused, writes } = await driven()
    writes(', worker.drain')
    await done('publish')
    await asSuperuser(
      address,
      'SET session_replication_role = replica',
      'ALTER TABLE blob DISABLE TRIGGER ALL',
      'DELETE FROM blob',
    )
    await refused(5, 'was altered or is missing', 'drain', 'w1')
  })

  test('one that cannot be read is replaced under its own policy alone, and by one that can be read', async () => {
    const { dir, address, eosflow, done, refused, writes } = await driven()
    writes(', worker.drain')
    await done('publish')
    const onBlobs = (statement: string) =>
      asSuperuser(
        address,
        'SET session_replication_role = replica',
        'ALTER TABLE eosflow.blob DISABLE TRIGGER ALL',
        statement,
      )
    await onBlobs('DELETE FROM eosflow.blob')
    writes(', worker.drain, clock.accept')
    await refused(5, 'the policy of this folder is not the one that is in force', 'publish')
    writes(', worker.drain')
    await done('publish')
    expect((await eosflow('drain', 'w1')).code).not.toBe(5)

    await onBlobs("UPDATE eosflow.blob SET bytes = bytes || '\\x00'")
    await refused(5, 'was altered or is missing', 'publish')
    appendFileSync(join(dir, 'inventory.yaml'), '# another one\n')
    await refused(5, '', 'publish')
    const listed = await asSuperuser(
      address,
      "SELECT count(*)::int AS n FROM eosflow.register WHERE type = 'BundlePublished'",
    )
    expect(listed).toEqual([{ n: 1 }])
  })
})
