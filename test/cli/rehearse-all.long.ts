import { expect, test } from 'vitest'
import { testProject } from '../trial/test-project.ts'
import { rehearsed, VLAN } from './rehearsed.ts'

test('a rehearsal kills behind every record with --all', async () => {
  const read = await rehearsed(testProject(), ...VLAN, '--only', 'crash', '--all')
  const atOnce = read.cells.filter(({ resumed }) => resumed === 'at once')
  expect(atOnce.map(({ record }) => record)).toEqual(
    Array.from({ length: read.undisturbed.records - 1 }, (_, index) => index + 1),
  )
  expect(read.cells.filter(({ ok }) => !ok)).toEqual([])
  const late = read.cells.filter(({ resumed }) => resumed === 'after the commit timer')
  expect(late.map(({ end }) => end)).toContain('BEFORE')
  expect(read.devices).toHaveLength(2)
  expect(late.length).toBeGreaterThan(20)
}, 300_000)
