import fs, { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { openProject } from '../../../src/project/files/project.ts'
import { openAllVaults } from '../../../src/project/files/sources/vault-knowledge.ts'
import { everyNth } from '../../extent.ts'
import { exits, hostIn, inProcess, prints } from '../../lab/lab.ts'
import { ownAvd } from './avd-project.ts'

/** As in inventory-sources.test.ts: `ip-hidden-community-77` under `vault-pass-4711`. */
const VAULTED = readFileSync(new URL('../../fixtures/vaulted/community.txt', import.meta.url), 'utf8')
const PASSWORD = 'vault-pass-4711'
/** What was written so shortly ago is read again whatever its time says, and rightly so. */
const YOUNG_MS = 60

let dir: string
beforeEach(async () => {
  dir = ownAvd().dir
  await exits(0, inProcess('init --from avd .', dir))
  const inventory = join(dir, 'inventory.yaml')
  writeFileSync(inventory, readFileSync(inventory, 'utf8').replace('    tags:', `    vault: '\${env:PASS}'\n    tags:`))
  const group = join(dir, 'group_vars/LEAVES.yml')
  writeFileSync(group, `${readFileSync(group, 'utf8')}remark: !vault |\n${VAULTED.replace(/^/gm, '  ').trimEnd()}\n`)
  // The first command makes the store.
  await exits(0, inProcess('audit key', dir, undefined, { PASS: PASSWORD }))
  await after(YOUNG_MS)
})

/** How often files are opened by name while a command runs. */
async function opened(run: () => Promise<unknown>) {
  const counts = new Map<string, number>()
  const { openSync } = fs
  fs.openSync = (path, ...others) => {
    const name = basename(String(path))
    counts.set(name, (counts.get(name) ?? 0) + 1)
    return openSync(path, ...others)
  }
  syncBuiltinESMExports()
  try {
    await run()
  } finally {
    fs.openSync = openSync
    syncBuiltinESMExports()
  }
  return counts
}

describe('a command reads each file of a source once', () => {
  test.each(
    everyNth(5, 'commands that read an inventory', [
      [['inventory', 'list'], 'lf1'],
      [['inventory', 'show', 'lf1', '--origin'], 'lf1'],
      [['inventory', 'list', '-t', 'group:LEAVES'], 'lf1'],
      [['executions'], '0 executions'],
      [['__complete', 'zsh', 'inventory', 'show', ''], 'lf1'],
    ]),
  )('%j', async (argv, shown) => {
    const counts = await opened(async () => {
      await prints(0, inProcess(argv, dir, undefined, { PASS: PASSWORD }), shown)
    })
    const files = ['inventory.yml', 'FABRIC.yml', 'LEAVES.yml', 'SPINES.yml'].filter((name) => counts.has(name))
    expect(files).toContain('LEAVES.yml')
    expect(files.length).toBeGreaterThanOrEqual(2)
    expect(files.map((name) => [name, counts.get(name)])).toEqual(files.map((name) => [name, 1]))
  })
})

describe('whoever opens a project again', () => {
  const host = () => hostIn(dir, { env: { PASS: PASSWORD } })

  test('has the settings and the inventory that were read', () => {
    const own = host()
    const [first, second] = [openProject(own, {}), openProject(own, { store: 'other.db' })]
    expect(second.settings).toBe(first.settings)
    expect(second.inventory()).toBe(first.inventory())
    expect(second.store).toBe(join(dir, 'other.db'))
    expect(openProject(host(), {}).inventory()).not.toBe(first.inventory())
  })

  test('has what was changed meanwhile: in the settings, the inventory, or a file of its source', {
    tags: ['long', 'turn'],
  }, async () => {
    const own = host()
    const before = openProject(own, {})
    const inventory = before.inventory()
    for (const file of ['eosflow.yaml', 'inventory.yaml', 'group_vars/LEAVES.yml']) {
      const [path, known] = [join(dir, file), openProject(own, {}).inventory()]
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, `${text}# more\n`)
      const now = openProject(own, {})
      expect(now.inventory(), file).not.toBe(known)
      expect(now.inventory().devices).toEqual(inventory.devices)
      writeFileSync(path, text)
      utimesSync(path, new Date(1_000), new Date(1_000))
      await after(YOUNG_MS)
    }
    expect(openProject(own, {}).settings).not.toBe(before.settings)
  })

  test('makes all secrets known, though the inventory was read before that was asked for', {
    tags: 'long',
  }, () => {
    const own = host()
    const before = openProject(own, {}).inventory()
    expect(own.scrubber.scrub('ip-hidden-community-77')).toBe('ip-hidden-community-77')
    openAllVaults(own.scrubber)
    expect(openProject(own, {}).inventory()).not.toBe(before)
    expect(own.scrubber.scrub('ip-hidden-community-77')).not.toContain('ip-hidden-community-77')
  })
})
