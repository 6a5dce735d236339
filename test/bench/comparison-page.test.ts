import { expect, test } from 'vitest'
import { comparisonPage } from '../../bench/peers/comparison-page.ts'
import { behind, type Figure, figureOf } from '../../bench/peers/figure.ts'
import type { Taken } from '../../bench/peers/measure.ts'
import { PEERS } from '../../bench/peers/peer.ts'

const figure = (peer: string, way: 'eAPI' | 'SSH', wall: number, cpu: number): Figure => ({
  bench: 'peers',
  peer,
  way,
  versions: `${peer} 1.2`,
  switches: 100,
  width: 50,
  rounds: 3,
  requests: 13.16,
  connections: 4.1,
  kilobytesOut: 5.7,
  kilobytesIn: 26.7,
  wall,
  cpu,
  memory: 189.8,
  switchesCpu: 1.9,
  load: 5.6,
})

const FIGURES = [
  figure('NAPALM with Nornir', 'eAPI', 4.5, 7.2),
  figure('eosflow', 'eAPI', 11.2, 6.1),
  figure('eosflow', 'SSH', 21.7, 8.2),
  figure('scrapli_cfg', 'SSH', 15, 7),
  figure('pyeapi, raw', 'eAPI', 2, 0.5),
]

test('where eosflow takes more than a peer over the same way is said; the floor is no peer', () => {
  expect(behind(FIGURES)).toEqual([
    "NAPALM with Nornir, 100 switches over eAPI: time 11.2 s, 4.5 s (eosflow's first)",
    "scrapli_cfg, 100 switches over SSH: time 21.7 s, 15 s; CPU 8.2 s, 7 s (eosflow's first)",
  ])
})

test('the tables of the page are written between their marks, and who was not measured is named', () => {
  const page =
    'Before.\n<!-- behind -->\nold\n<!-- end -->\nBetween.\n<!-- figures -->\n<!-- end -->\n<!-- versions -->\n<!-- end -->\n'
  expect(comparisonPage(page, FIGURES.toSpliced(3, 1))).toBe(`Before.
<!-- behind -->
- NAPALM with Nornir, 100 switches over eAPI: time 11.2 s, 4.5 s (eosflow's first)
<!-- end -->
Between.
<!-- figures -->
100 switches, 50 at a time:

|  | requests a switch | connections a switch | kB out / in a switch | wall, s | x floor | CPU, s | x floor | CPU a switch, ms | memory, MB | rounds, load |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| eosflow (eAPI) | 13.16 | 4.1 | 5.7 / 26.7 | 11.2 | 5.6 | 6.10 | 12.2 | 61.0 | 190 | 3, 6 |
| eosflow (SSH) | 13.16 | 4.1 | 5.7 / 26.7 | 21.7 | 10.8 | 8.20 | 16.4 | 82.0 | 190 | 3, 6 |
| pyeapi, raw (eAPI) | 13.16 | 4.1 | 5.7 / 26.7 | 2.0 | 1.0 | 0.50 | 1.0 | 5.0 | 190 | 3, 6 |
| NAPALM with Nornir (eAPI) | 13.16 | 4.1 | 5.7 / 26.7 | 4.5 | 2.3 | 7.20 | 14.4 | 72.0 | 190 | 3, 6 |

Not measured: scrapli_cfg (SSH), Ansible, httpapi (eAPI), Ansible, network_cli (SSH), AVD's deploy role (eAPI).
<!-- end -->
<!-- versions -->
- eosflow: eosflow 1.2.
- pyeapi, raw: pyeapi, raw 1.2.
- NAPALM with Nornir: NAPALM with Nornir 1.2.
<!-- end -->
`)
})

test('the page says of every tool what it does of the change', () => {
  const lines = comparisonPage('<!-- abilities -->\n<!-- end -->\n', []).split('\n')
  expect(lines[1]).toBe(
    "|  | eosflow | pyeapi, raw | NAPALM with Nornir | scrapli_cfg | Ansible, httpapi | Ansible, network_cli | AVD's deploy role |",
  )
  expect(lines.filter((line) => line.startsWith('| commit timer |'))).toEqual([
    '| commit timer | yes | written by hand here | yes | no | no | no | no |',
  ])
})

test('a figure is the median of its rounds, requests and bytes of one switch; without a round there is none', () => {
  const [peer] = PEERS
  if (peer === undefined) throw new Error('there is no peer')
  const seen = { connections: 8, cpu: 1, running: 2, saved: 2, timed: 2, confirmed: 2, leftOver: 0 }
  const taken = (wall: number, requests: number): Taken => ({
    wall,
    cpu: 1.5,
    cpuOfEach: [1, 0.5],
    memory: 100,
    load: 1,
    seen: { ...seen, requests, bytesToSwitches: 9100, bytesFromSwitches: 16_000 },
  })
  const known = { ...peer, versions: () => 'eosflow 0' }
  expect(figureOf(known, 2, 50, [taken(9, 20), taken(1, 22), taken(2, 20)])).toEqual({
    bench: 'peers',
    peer: 'eosflow',
    way: 'eAPI',
    versions: 'eosflow 0',
    switches: 2,
    width: 50,
    rounds: 3,
    requests: 10,
    connections: 4,
    kilobytesOut: 4.55,
    kilobytesIn: 8,
    wall: 2,
    cpu: 1.5,
    memory: 100,
    switchesCpu: 1,
    load: 1,
  })
  expect(figureOf(known, 2, 50, [])).toBeUndefined()
})
