// @module-tag night
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import { changeableEos, plannedChange, recorded, shared } from '../config/replace-pairs.ts'
import { differences, ownConfigs } from '../config/texts.ts'
import { everyNth, extent } from '../extent.ts'
import { exits, openLab, planIn, runningConfig } from '../lab/lab.ts'

interface Recorded {
  readonly name: string
  readonly text: string
}

/** The ten longest configurations of real devices and of the field. */
function tenLongest(): Recorded[] {
  return recorded('eos-corpus/manifest.jsonl')
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as { file: string; kind: string })
    .filter(({ kind }) => kind === 'real-device' || kind === 'field-like')
    .map(({ file }) => ({ name: file.replace(/^.*__configs__/, ''), text: recorded(`eos-corpus/${file}`) }))
    .toSorted((a, b) => b.text.split('\n').length - a.text.split('\n').length || a.name.localeCompare(b.name))
    .slice(0, 10)
}

/** The first port of a configuration that has no description. */
function bareInterface(text: string): string {
  const port = /^(interface Ethernet\S+)\n(?!(?: .*\n)*? +description )/m.exec(text)?.[1]
  if (port === undefined) throw new RangeError('every port has a description')
  return port
}

const workflow = (lines: readonly string[]): string => `name: five-lines
targets: '*'
change: { mode: merge, lines: ${JSON.stringify(lines)} }
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`

/** The commands of a text in their order, separators aside. */
const commandLines = (text: string): string[] => text.split('\n').filter((line) => !/^\s*(?:!(?!!).*)?$/.test(line))

const configs = shared === undefined ? [] : tenLongest()

describe.skipIf(shared === undefined)('five lines merged into a large configuration (absent: ../shared)', () => {
  test('the ten longest are found: six of them are field-like and have over 2,000 lines', () => {
    const lengths = configs.map(({ text }) => text.split('\n').length)
    expect(configs).toHaveLength(10)
    expect(lengths.filter((lines) => lines > 2000)).toHaveLength(6)
    expect(lengths.every((lines) => lines > 300)).toBe(true)
  })

  const here = everyNth(3, 'large configurations', configs)

  test('so many of them are changed', () => {
    expect(here).toHaveLength(extent(4, 10))
  })

  test.each(here)('$name', mergeFiveLines)
})

test.each(ownConfigs.filter(({ name }) => /^(?:edge1|leaf9)/.test(name)))(
  'five lines merged into a configuration of our own: $name',
  mergeFiveLines,
)

async function mergeFiveLines({ text }: Recorded): Promise<void> {
  const port = bareInterface(text)
  const added = [
    '+vlan 3998',
    '+vlan 3998 > name EOSFLOW',
    `+${port} > description to EOSFLOW`,
    '+ip route 198.51.100.0/24 Null0',
    '+ntp server 192.0.2.123',
  ].toSorted()
  const blocks = ['vlan 3998', '   name EOSFLOW', port, '   description to EOSFLOW']
  const lines = [...blocks, 'ip route 198.51.100.0/24 Null0', 'ntp server 192.0.2.123']
  const { eosflow, fabric } = await openLab({
    world: 'sockets',
    switches: { config: text, ...changeableEos(text) },
    files: { 'merge.yaml': workflow(lines) },
  })
  const [device] = fabric.devices
  if (device === undefined) throw new RangeError('a fabric without a switch')
  const before = runningConfig(device)

  const planned = await eosflow('plan', 'merge.yaml', '--json', '--detailed-exitcode')
  const plan = planIn(planned)
  expect(planned.code, planned.err).toBe(2)
  expect(plannedChange(plan).toSorted()).toEqual(added)

  const run = await exits(0, eosflow('run', 'merge.yaml', '--approve', plan.digest))
  expect(run.out).toContain(': succeeded ·')
  const after = runningConfig(device)
  expect(differences(parseConfig(before), parseConfig(after)).toSorted()).toEqual(added)
  const own = new Set(added.map((row) => row.replace(/^.*[+>] ?/, '')))
  expect(commandLines(after).filter((line) => !own.has(line.trim()))).toEqual(commandLines(before))

  await exits(0, eosflow('plan', 'merge.yaml', '--detailed-exitcode'))
}
