import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { asItIs, groupAnswers, namesInRuns, withoutTimes } from '../../../src/report/answers/answers.ts'
import { recordings } from '../../recordings.ts'

const TEXTS = recordings('eos-samples/show-text/')
const MODELS = recordings('eos-samples/show-json/')

/** What of each recording is a time, an age or what is free at the moment: read off by hand. What is not named has none. */
const PASSING: Readonly<Record<string, readonly string[]>> = {
  'show_bgp_evpn_summary.txt': ['00:04:09', '00:03:54', '00:04:08', '00:04:07', '00:04:12', '00:03:57'],
  'show_clock.txt': ['Mon Jan 14 18:42:49 2013'],
  'show_clock_4.23.txt': ['Mon Jun  7 00:19:42 2021'],
  'show_environment_power.txt': ['21:24:36', '8:39:45'],
  'show_interfaces.txt': ['0:15:31', '11:19:37', '14 minutes, 2 seconds', '6 days, 11 hours, 16 minutes, 54 seconds'],
  'show_ip_bgp_summary.txt': ['79d05h'],
  'show_lldp_neighbors.txt': ['0:00:02'],
  'show_lldp_neighbors_detail.txt': ['0:01:11'],
  'show_management_api_http-commands.txt': ['178 seconds ago'],
  'show_processes_top_once.txt': ['14:30:44'],
  'show_processes_top_once_ceos_4.30.txt': ['14:03:41'],
  'show_reload_cause.txt': ['Fri Feb 23 14:18:49 2018'],
  'show_version.txt': ['1 hour and 5 minutes', 'Free memory:            301240 kB'],
  'show_version_4.27.txt': ['134 weeks, 5 days, 23 hours and 44 minutes', 'Free memory: 1807180 kB'],
}

const grouped = (one: string, other: string, exact = false) =>
  groupAnswers(
    [
      { name: 'a', text: one },
      { name: 'b', text: other },
    ],
    exact ? asItIs : withoutTimes,
  ).map(({ names }) => names)

describe.skipIf(!existsSync(TEXTS))('recorded answers', () => {
  // What is described is made also where it is skipped.
  const files = !existsSync(TEXTS)
    ? []
    : [
        ...readdirSync(TEXTS).map((name) => ({ name, text: readFileSync(new URL(name, TEXTS), 'utf8') })),
        ...readdirSync(MODELS)
          .slice(0, 30)
          .map((name) => ({ name, text: readFileSync(new URL(name, MODELS), 'utf8') })),
      ]

  test('that are the same share a group, and with another time of day, too', () => {
    let moved = 0
    for (const { name, text } of files) {
      expect(grouped(text, text)).toEqual([['a', 'b']])
      for (const time of PASSING[name] ?? []) {
        expect(text, name).toContain(time)
        const later = text.replace(
          time,
          time.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
        )
        expect(grouped(text, later), `${name}: ${time}`).toEqual([['a', 'b']])
        expect(grouped(text, later, true), `${name}: ${time}`).toEqual([['a'], ['b']])
        moved += 1
      }
    }
    expect(files.length).toBe(60)
    expect(moved).toBe(25)
  })

  test('that differ in any other letter or digit do not', { tags: ['long', 'turn'] }, () => {
    const places = files.flatMap(({ name, text }) => {
      // What lies in a line with a time is looked at by hand above.
      const times = name.endsWith('.json') ? /\d\d:\d\d|\d+ \w+ ago|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) |^! / : /^! /
      const excused = (line: string) => times.test(line) || (PASSING[name] ?? []).some((time) => line.includes(time))
      return [...text.matchAll(/^.+$/gm)]
        .filter(([line]) => !excused(line))
        .flatMap(({ 0: line, index }) =>
          [...line.matchAll(/[A-Za-z0-9]/g)].map((found) => ({ line, at: index + found.index })),
        )
        .filter((_, nth) => nth % 7 === 0)
        .map(({ line, at }) => ({ line: `${name}: ${line}`, text, at }))
    })
    const same = places.filter(({ text, at }) => {
      const other = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
      return grouped(text, other).length !== 2
    })
    expect(same.map(({ line }) => line)).toEqual([])
    expect(places.length).toBeGreaterThan(3000)
  })
})

describe('groups', () => {
  test('of all texts of up to three lines are those of texts that are written out', () => {
    const lines = ['', 'a', 'a  ', 'b', '! Command: show x', 'up 1:02:03', 'up 10:59:59']
    const deeper = (texts: readonly string[]) => texts.flatMap((text) => lines.map((line) => `${text}\n${line}`))
    const texts = [lines, deeper(lines), deeper(deeper(lines))].flat()
    const written = (text: string) =>
      text
        .replaceAll('! Command: show x', '!')
        .replaceAll('a  ', 'a')
        .replace(/up 10?:\d\d:\d\d/g, 'up')
        .split('\n')
        .filter((line) => line !== '!')
        .join('\n')
        .replace(/\n+$/, '')
    const expected = new Map<string, string[]>()
    for (const text of texts) expected.set(written(text), [...(expected.get(written(text)) ?? []), text])
    const groups = groupAnswers(
      texts.map((text) => ({ name: text, text })),
      withoutTimes,
    )
    expect(groups.toSorted(byFirst).map(({ names }) => names)).toEqual(
      [...expected.values()].toSorted(([a = ''], [b = '']) => texts.indexOf(a) - texts.indexOf(b)),
    )
    // Of four lines that differ, up to three that do not end with a blank one: 1 + 3 + 4 x 3 + 16 x 3.
    expect([texts.length, groups.length]).toEqual([399, 64])

    function byFirst({ shown: a }: { shown: string }, { shown: b }: { shown: string }) {
      return texts.indexOf(a) - texts.indexOf(b)
    }
  })

  test('have the most frequent answer first, and say where only times differ', () => {
    const text = (image: string, up: string) => `Software image version: ${image}\nUptime: ${up}\n`
    expect(
      groupAnswers(
        [
          { name: 'leaf1', text: text('4.30.1F', '1 day, 3 hours and 46 minutes') },
          { name: 'leaf2', text: text('4.31.4M', '2 weeks, 3 hours and 46 minutes') },
          { name: 'leaf3', text: text('4.31.4M', '1 day, 3 hours and 4 minutes') },
        ],
        withoutTimes,
      ),
    ).toEqual([
      { names: ['leaf2', 'leaf3'], shown: text('4.31.4M', '2 weeks, 3 hours and 46 minutes'), but: 'times' },
      { names: ['leaf1'], shown: text('4.30.1F', '1 day, 3 hours and 46 minutes') },
    ])
  })

  test.each([
    ['Ethernet1 is up\n  5 minutes input rate 3 bps', 'Ethernet1 is up\n  1 minutes input rate 3 bps'],
    ['TTL 120 seconds', 'TTL 60 seconds'],
    ['VIRT 662m', 'VIRT 663m'],
    ['hold time 3d', 'hold time 4d'],
    ['10.0.0.1', '10.0.0.2'],
    ['fe80::1:20:30', 'fe80::1:20:31'],
    ['001c.7300.0001', '001c.7300.0002'],
    ['00:1c:73:00:00:01', '00:1c:73:00:00:02'],
    ['00:1c:73:00:00:01', '00:1c:73:00:10:01'],
    ['1:20:30::5', '1:20:31::5'],
  ])('%s is not %s', (one, other) => {
    expect(grouped(one, other)).toEqual([['a'], ['b']])
  })
})

test.each([
  [['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1'], 'leaf1-4, spine1'],
  [['leaf1', 'leaf3'], 'leaf1, leaf3'],
  [['leaf08', 'leaf09', 'leaf10'], 'leaf08-10'],
  [['leaf9', 'leaf10'], 'leaf9-10'],
  [['leaf09', 'leaf010'], 'leaf09, leaf010'],
  [['leaf1', 'spine2'], 'leaf1, spine2'],
  [['core', 'edge'], 'core, edge'],
  [['leaf2', 'leaf1'], 'leaf2, leaf1'],
  [['1', '2'], '1-2'],
])('%j is written %s', (names, shown) => {
  expect(namesInRuns(names)).toBe(shown)
})
