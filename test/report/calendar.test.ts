import { expect, test } from 'vitest'
import { calendarText } from '../../src/report/calendar.ts'
import { openLab, workflowFor } from '../lab/lab.ts'

const NOW = Date.parse('2026-01-05T08:00:00.000Z')

test('a calendar is as RFC 5545 writes it: ends of lines, folds of 75 octets, escapes', () => {
  const text = calendarText(
    [
      {
        id: 'window-night-2026-01-05T21:00:00.000Z@eosflow',
        title: 'Changes: night; a, b \\ c',
        about: `two\nlines and ${'ü'.repeat(60)}`,
        from: Date.parse('2026-01-05T21:00:00.000Z'),
        to: Date.parse('2026-01-06T03:00:00.000Z'),
      },
      { id: 'schedule-x@eosflow', title: 'x: run', from: NOW },
    ],
    NOW,
  )
  expect(text.split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//eosflow//eosflow//EN',
    'CALSCALE:GREGORIAN',
    'BEGIN:VEVENT',
    'UID:window-night-2026-01-05T21:00:00.000Z@eosflow',
    'DTSTAMP:20260105T080000Z',
    'DTSTART:20260105T210000Z',
    'DTEND:20260106T030000Z',
    'SUMMARY:Changes: night\\; a\\, b \\\\ c',
    // 12 octets of the name, 15 of the text before, 24 of 2 each: 75.
    `DESCRIPTION:two\\nlines and ${'ü'.repeat(24)}`,
    ` ${'ü'.repeat(36)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:schedule-x@eosflow',
    'DTSTAMP:20260105T080000Z',
    'DTSTART:20260105T080000Z',
    'SUMMARY:x: run',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ])
  const octets = text.split('\r\n').map((line) => Buffer.byteLength(line))
  expect([octets.length, Math.max(...octets) <= 75]).toEqual([23, true])
})

test('it has windows over a change of the clock, freezes and schedules, and the same ids when it is made again', async () => {
  const lab = openLab()
  lab.write('workflow.yaml', workflowFor('leaf1'))
  lab.write(
    'eosflow.yaml',
    "version: 1\nschedules:\n  - { name: weekly, cron: '30 2 * * mon', tz: Europe/Berlin, do: run, workflow: workflow.yaml }\n",
  )
  lab.write(
    'policy.yaml',
    `version: 1
windows: { night: { tz: America/New_York, days: [su], from: '01:00', to: '04:00' } }
freezes: [{ name: year-end, from: '2026-12-18T00:00:00Z', to: '2027-01-04T00:00:00Z' }, { name: past, from: '2025-01-01T00:00:00Z', to: '2025-01-02T00:00:00Z' }]
rules: [{ id: all, allow: [execution.start], to: ['kind:person'] }]
`,
  )
  const shown = async () => {
    const { code, out, err } = await lab.eosflow('schedule list --ics')
    expect([code, err]).toEqual([0, ''])
    return out.split('\r\n')
  }
  const lines = await shown()
  expect(lines.filter((line) => line === 'SUMMARY:Changes: night')).toHaveLength(8)
  expect(lines).toContain('DTSTART:20260111T060000Z')
  expect(lines).toContain('DTEND:20260111T090000Z')
  expect(lines.filter((line) => line === 'SUMMARY:weekly: run workflow.yaml')).toHaveLength(8)
  expect(lines).toContain('UID:schedule-weekly-2026-01-12T01:30:00.000Z@eosflow')
  expect(lines.filter((line) => line === 'SUMMARY:Freeze: past')).toEqual([])
  expect(lines.filter((line) => line === 'SUMMARY:Freeze: year-end')).toHaveLength(1)
  await lab.clock.advance(3_600_000)
  const ids = (all: readonly string[]) => all.filter((line) => line.startsWith('UID:'))
  expect(ids(await shown())).toEqual(ids(lines))
  await lab.clock.advance(55 * 86_400_000)
  // On 8 March 2026 New York puts its clock forward: the window is an hour shorter, and a week later it begins an hour earlier.
  const later = await shown()
  for (const line of ['DTSTART:20260308T060000Z', 'DTEND:20260308T080000Z', 'DTSTART:20260315T050000Z'])
    expect(later).toContain(line)
})
