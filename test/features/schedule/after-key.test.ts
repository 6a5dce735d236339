import { expect, test } from 'vitest'
import { openLab, workflowFor } from '../../lab/lab.ts'

/** What is wrong with `after`, each with its place and how to mend it. The key is the fifth line. */
const FAULTS = [
  ['after: { checks: 5m }', ['workflow.yaml:5:18: must be from 10m to 336h']],
  [
    'after: { checks: 1h, every: 2h }',
    [
      'workflow.yaml:5:29: the checks are kept for 1h, and the first look would be after 2h',
      'make `every` at most as long as `checks`',
    ],
  ],
  ['after: { every: 10m }', ['workflow.yaml:5:1: the key `checks` is missing in `after`']],
  ['after: { checks: 1h, every: 30s }', ['workflow.yaml:5:29: must be from 1m to 336h']],
  ['after: 24h', ['workflow.yaml:5:8: `after` must be a mapping of keys to values']],
  ['after: { check: 24h }', ['workflow.yaml:5:10: the key `check` is not known in `after`', 'did you mean `checks`?']],
] as const

test('what is wrong with `after` is said with its place', async () => {
  const lab = openLab()
  for (const [extra, said] of FAULTS) {
    lab.write('workflow.yaml', workflowFor('leaf1', { extra }))
    const { code, err } = await lab.eosflow('validate workflow.yaml')
    expect([code, ...said.map((text) => err.includes(text) || err)]).toEqual([3, ...said.map(() => true)])
  }
})

test('a schedule of the settings is not called as the watches are', async () => {
  const lab = openLab({
    files: { 'eosflow.yaml': 'version: 1\nschedules:\n  - { name: after, every: 6h, tz: UTC, do: check }\n' },
  })
  const { code, err } = await lab.eosflow('schedule list')
  expect([code, err]).toEqual([
    3,
    expect.stringContaining('eosflow.yaml:3:13: the checks that are kept after a change are called so'),
  ])
})

test('it is in the digest of the plan', async () => {
  const digests: string[] = []
  for (const extra of ['', 'after: { checks: 1h }', 'after: { checks: 2h }']) {
    const lab = openLab({ workflow: workflowFor('leaf1', { extra }) })
    const { out } = await lab.eosflow('plan workflow.yaml --json')
    digests.push(JSON.parse(out).digest)
  }
  expect(new Set(digests).size).toBe(3)
})
