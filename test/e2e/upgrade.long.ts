// @module-tag long

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DC1, ROOT } from '../lab/checkout.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inventoryOf } from '../lab/inventory.ts'
import { type Bench, startBench } from './harness.ts'
import { WORKFLOW, whereIs } from './vlan-change.ts'

/** What another release of eosflow has otherwise: a text of a file of the build, and what is in its place. */
type Otherwise = readonly (readonly [file: string, text: string, other: string])[]

/** A release of eosflow: the build with other texts. Runs one command line in a folder. */
function release(otherwise: Otherwise): (cwd: string, ...args: readonly string[]) => Promise<[number | null, string]> {
  const dir = temporaryFolder()
  cpSync(join(ROOT, 'dist'), join(dir, 'dist'), {
    recursive: true,
    filter: (path) => !/\.(?:cjs|code|d\.ts)$/.test(path),
  })
  for (const part of ['node_modules', 'package.json', 'fixtures', 'workflows'])
    symlinkSync(join(ROOT, part), join(dir, part))
  for (const [file, text, other] of otherwise) {
    const path = join(dir, 'dist', file)
    const before = readFileSync(path, 'utf8')
    expect(before.split(text)).toHaveLength(2)
    writeFileSync(path, before.replace(text, other))
  }
  return async (cwd, ...args) => {
    const child = spawn(process.execPath, [join(dir, 'dist/cli/main.js'), ...args], {
      cwd,
      env: { ...process.env, CI: '1' },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    const [code] = await once(child, 'close')
    return [code as number | null, said]
  }
}

const version = (number: string) => ['version.js', "VERSION = '0.1.0'", `VERSION = '${number}'`] as const

async function bench(): Promise<Bench> {
  const made = await startBench(
    { folder: DC1 },
    { files: { 'eosflow.yaml': 'version: 1\n', 'workflow.yaml': WORKFLOW } },
  )
  made.write('inventory.yaml', inventoryOf(made.fabric))
  return made
}

const RULES: readonly (readonly [name: string, text: string, other: string])[] = [
  ['templates', 'renderer: 1', 'renderer: 2'],
  ['redaction', 'redaction: 1', 'redaction: 2'],
  ['volatile lines', 'volatile: VOLATILE_VERSION', 'volatile: 2'],
  ['state machines', 'interpreter: 2,', 'interpreter: 3,'],
]

test('an approval that waits across a patch release is good, and the change is made by the new release', async () => {
  const { dir, fabric } = await bench()
  const [old, patched] = [release([version('0.0.9')]), release([version('0.1.1')])]
  expect(await old(dir, '--version')).toEqual([0, '0.0.9\n'])
  const begun = await old(dir, 'run', 'workflow.yaml', '--detach')
  expect(begun).toEqual([12, expect.stringContaining('approve')])
  expect(await old(dir, 'approve', '@latest')).toEqual([0, expect.anything()])
  expect(await patched(dir, 'resume', '@latest', '--detach')).toEqual([0, expect.stringContaining('leaf1')])
  expect(whereIs(fabric.device('leaf1'))).toBe('AFTER')
  const [, shown] = await patched(dir, 'show', '@latest', '--json')
  expect(shown).toContain('"outcome":"succeeded"')
}, 60_000)

test.each(RULES)(
  'a release with other rules for %s makes the approval stale, and says so',
  { tags: 'night', timeout: 60_000 },
  async (name, text, other) => {
    const { dir, fabric } = await bench()
    const [old, changed] = [release([version('0.0.9')]), release([['plan/rules.js', text, other]])]
    expect((await old(dir, 'run', 'workflow.yaml', '--detach'))[0]).toBe(12)
    expect((await old(dir, 'approve', '@latest'))[0]).toBe(0)
    const ended = await changed(dir, 'resume', '@latest', '--detach')
    const says = `the version of the rules for ${name} has changed since the plan was made`
    expect(ended).toEqual([5, expect.stringContaining(says)])
    expect(whereIs(fabric.device('leaf1'))).toBe('BEFORE')
  },
)
