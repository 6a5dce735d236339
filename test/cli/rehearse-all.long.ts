// @module-tag night
import { expect, test } from 'vitest'
import { testProject } from '../trial/test-project.ts'
import { rehearsed, VLAN } from './rehearsed.ts'

test('a rehearsal tries every kind of fault and kills, and each ends BEFORE or AFTER', async () => {
  const read = await rehearsed(testProject(), ...VLAN)
  const devices = ['sw1', 'sw2']
  expect(read).toMatchObject({ exitCode: 0, workflow: 'vlan', fabric: 'lab', devices })
  expect(read.cells.filter(({ ok, end }) => !ok || (end !== 'BEFORE' && end !== 'AFTER'))).toEqual([])
  expect([...new Set(read.cells.map(({ kind }) => kind))]).toEqual([
    'request-lost',
    'answer-lost',
    'connection-refused',
    'slow',
    'login-refused',
    'refused',
    'reboot',
    'management-cut',
    'hand-edit',
    'verification-fails',
    'no-session-left',
    'foreign-timer',
    'disk-full',
    'clock-forward',
    'clock-back',
    'stop',
    'crash-unheard',
    'crash',
  ])
  // Of switches eight kinds at all five points, four at 3, 1, 1 and 2 of them; of the controller two at five, two at two, one at five.
  const struck = read.cells.filter(({ kind }) => kind !== 'crash')
  expect(struck).toHaveLength(2 * (8 * 5 + 3 + 1 + 1 + 2) + 5 + 2 + 2 + 5 + 5)
  expect(read.counts.before).toBeGreaterThan(40)
  expect(read.counts.after).toBeGreaterThan(40)
  const ends = (kind: string, point: string): unknown =>
    read.cells.filter((one) => one.kind === kind && one.point === point).map(({ end, outcome }) => `${end} ${outcome}`)
  expect(ends('refused', 'arm')).toEqual(['BEFORE refused', 'BEFORE rolled-back'])
  expect(ends('stop', 'verify')).toEqual(['BEFORE cancelled'])
  expect(ends('crash-unheard', 'confirm')).toEqual(['AFTER succeeded'])
  expect(ends('management-cut', 'confirm')).toEqual(devices.map(() => 'BEFORE rolled-back'))
}, 120_000)

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

test('a rehearsal gives the same trials and ends for the same seed, and kills behind other records for another one', async () => {
  const project = testProject()
  const only = ['--only', 'crash', '--only', 'request-lost']
  const [one, again, other] = [
    await rehearsed(project, ...VLAN, ...only, '--seed', '3'),
    await rehearsed(project, ...VLAN, ...only, '--seed', '3'),
    await rehearsed(project, ...VLAN, ...only, '--seed', '4'),
  ]
  expect(again).toEqual(one)
  const records = (read: typeof one) => read.cells.flatMap(({ record }) => record ?? [])
  expect(records(one)).not.toEqual(records(other))
  expect(one.devices).toHaveLength(2)
  expect(records(one).length).toBeGreaterThan(10)
}, 120_000)
