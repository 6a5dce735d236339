import { expect, test } from 'vitest'
import { delayOf, occurrenceKey } from '../../../src/change/schedule/schedule.ts'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

function problemsOf(lines: string) {
  const read = parseSettings(`version: 1\nschedules:\n${lines}`, 'eosflow.yaml')
  if (read.ok) return []
  return read.problems.map(({ code, at, message }) => `${at.line}:${at.column} ${code} ${message}`)
}

test('a schedule has its defaults', () => {
  const read = parseSettings(
    `schedules:
  - { name: nightly-drift, cron: '0 23 * * *', tz: Europe/Berlin, do: drift, on: all }
  - { name: plans, every: 6h, tz: UTC, do: run, workflow: workflows/a.yaml, params: { vlan: 140 }, spread: 5m }
`,
    'eosflow.yaml',
  )
  expect(read).toMatchObject({
    ok: true,
    value: {
      schedules: [
        {
          name: 'nightly-drift',
          cron: '0 23 * * *',
          tz: 'Europe/Berlin',
          does: 'drift',
          missed: 'skip',
          catchUp: 3600,
          overlap: 'skip',
          outside: 'skip',
          spread: 0,
        },
        { name: 'plans', every: 21_600, does: 'run', workflow: 'workflows/a.yaml', params: { vlan: 140 }, spread: 300 },
      ],
    },
  })
  expect(read.ok && 'on' in (read.value.schedules[0] ?? {})).toBe(false)
})

test.each([
  ["  - { name: a, cron: '0 23 * * *', do: drift }", '3:5 missing-key'],
  ["  - { name: a, cron: '0 23 * * *', tz: Mars/Base, do: drift }", '3:40 bad-zone'],
  ["  - { name: a, cron: '0 25 * * *', tz: UTC, do: drift }", '3:22 bad-cron'],
  ["  - { name: a, cron: '0 0 30 2 *', tz: UTC, do: drift }", '3:22 bad-cron'],
  ["  - { name: a, cron: '@daily', tz: UTC, do: drift }", '3:22 '],
  ["  - { name: a, cron: '? 1 * * *', tz: UTC, do: drift }", '3:22 '],
  ['  - { name: a, tz: UTC, do: drift }', '3:5 schedule-when'],
  ["  - { name: a, cron: '0 1 * * *', every: 1h, tz: UTC, do: drift }", '3:42 schedule-when'],
  ['  - { name: a, every: 1h, tz: UTC, do: run }', '3:5 missing-key'],
  ['  - { name: a, every: 1h, tz: UTC, do: drift, workflow: w.yaml }', '3:57 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: plan, workflow: w.yaml, on: leaf1 }', '3:68 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: drift, params: { a: 1 } }', '3:55 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: drift, targets: leaf1 }', '3:56 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: drift, folder: kept }', '3:55 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: backup }', '3:5 missing-key'],
  ['  - { name: a, every: 1h, tz: UTC, do: backup, folder: /kept }', '3:56 outside-project'],
  ['  - { name: a, every: 1h, tz: UTC, do: backup, folder: a/../../b }', '3:56 outside-project'],
  ['  - { name: a, every: 1h, tz: UTC, do: backup, folder: a, recipients: [x] }', '3:72 '],
  ['  - { name: a, every: 1h, tz: UTC, do: backup, folder: a, workflow: w.yaml }', '3:69 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: comply, folder: a, workflow: w.yaml }', '3:56 intended-twice'],
  ['  - { name: a, every: 1h, tz: UTC, do: comply, commit: true }', '3:56 not-taken'],
  ['  - { name: a, every: 1h, tz: UTC, do: comply, targets: leaf1 }', '3:57 not-taken'],
  ['  - { name: a, every: 10s, tz: UTC, do: drift }', '3:23 invalid-value'],
  ['  - { name: A, every: 1h, tz: UTC, do: drift }', '3:13 '],
  [
    '  - { name: a, every: 1h, tz: UTC, do: drift }\n  - { name: a, every: 2h, tz: UTC, do: drift }',
    '4:13 schedule-twice',
  ],
])('%s is refused with its place', (lines, place) => {
  const problems = problemsOf(lines)
  expect([problems.length, problems[0]?.slice(0, place.length)]).toEqual([1, place])
})

test('the delay of a schedule is that of its name', () => {
  expect(delayOf({ name: 'nightly-drift', spread: 0 })).toBe(0)
  // sha256 of the name begins with 147298d1, which leaves these seconds of 300.
  expect(delayOf({ name: 'nightly-drift', spread: 300 })).toBe(45_000)
  expect(delayOf({ name: 'nightly-check', spread: 300 })).not.toBe(delayOf({ name: 'nightly-drift', spread: 300 }))
})

test('an occurrence is known by its schedule and its instant', () => {
  expect(occurrenceKey('nightly-drift', Date.UTC(2026, 2, 29, 1))).toBe(
    'schedule:nightly-drift:2026-03-29T01:00:00.000Z',
  )
})
