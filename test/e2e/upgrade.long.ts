// @module-tag long

import { expect, test } from 'vitest'
import { DC1, inventoryOf, openLab, startProcess, WORKFLOW, whereIs } from '../lab/lab.ts'
import { release, version } from '../lab/package.ts'

/** Runs one command line of a release in a folder. */
async function typed(command: string, dir: string, ...argv: readonly string[]) {
  const { code, out, err } = await startProcess(dir, [process.execPath, command, ...argv]).ended
  return [code, out + err]
}

async function bench() {
  const made = await openLab({
    world: 'sockets',
    switches: { folder: DC1 },
    files: { 'eosflow.yaml': 'version: 1\n', 'workflow.yaml': WORKFLOW },
  })
  made.write('inventory.yaml', inventoryOf(made.fabric))
  return made
}

const RULES: readonly (readonly [name: string, text: string, other: string])[] = [
  ['templates', 'renderer: 1', 'renderer: 2'],
  ['redaction', 'redaction: 1', 'redaction: 2'],
  ['volatile lines', 'volatile: VOLATILE_VERSION', 'volatile: 2'],
  ['state machines', 'interpreter: 2,', 'interpreter: 3,'],
]

test('an approval that waits across a patch release is good, and the change is made by the new release', {
  tags: 'turn',
  timeout: 60_000,
}, async () => {
  const { dir, fabric } = await bench()
  const [old, patched] = [release(...version('0.0.9')), release(...version('0.1.1'))]
  expect(await typed(old, dir, '--version')).toEqual([0, '0.0.9\n'])
  const begun = await typed(old, dir, 'run', 'workflow.yaml', '--detach')
  expect(begun).toEqual([12, expect.stringContaining('approve')])
  expect(await typed(old, dir, 'approve', '@latest')).toEqual([0, expect.anything()])
  expect(await typed(patched, dir, 'resume', '@latest', '--detach')).toEqual([0, expect.stringContaining('leaf1')])
  expect(whereIs(fabric.device('leaf1'))).toBe('AFTER')
  const [, shown] = await typed(patched, dir, 'show', '@latest', '--json')
  expect(shown).toContain('"outcome":"succeeded"')
})

test.each(RULES)(
  'a release with other rules for %s makes the approval stale, and says so',
  { tags: 'turn', timeout: 60_000 },
  async (name, text, other) => {
    const { dir, fabric } = await bench()
    const [old, changed] = [release(...version('0.0.9')), release(['change/plan/rules.js', text, other])]
    expect((await typed(old, dir, 'run', 'workflow.yaml', '--detach'))[0]).toBe(12)
    expect((await typed(old, dir, 'approve', '@latest'))[0]).toBe(0)
    const ended = await typed(changed, dir, 'resume', '@latest', '--detach')
    const says = `the version of the rules for ${name} has changed since the plan was made`
    expect(ended).toEqual([5, expect.stringContaining(says)])
    expect(whereIs(fabric.device('leaf1'))).toBe('BEFORE')
  },
)
