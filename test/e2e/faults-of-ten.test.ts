import { expect, test } from 'vitest'
import { openLab } from '../lab/lab.ts'
import { running } from './two-leaves.ts'

const NAMES = Array.from({ length: 10 }, (_, at) => `leaf${at + 1}`)

const WORKFLOW = `name: lines
targets: '*'
change: { mode: merge, file: 'intended/{{ device.name }}.cfg' }
steps: [snapshot, plan, approve, { push: { confirmWithin: 2m } }, { verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] } }, confirm]
`

test('[3T19] a plan of ten switches names every line that none of them has, once, with all of its switches', async () => {
  const files = Object.fromEntries(
    NAMES.map((name, at) => [`intended/${name}.cfg`, `frobnicate one\nfrobnicate of-${at < 5 ? 'a' : 'b'}\n`]),
  )
  const devices = NAMES.map((name, at) => ({
    name,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
    serial: `JPE0000001${at}`,
    mac: `00:1c:73:00:01:0${at}`,
    config: running(name, at + 1),
    managementOutside: true,
  }))
  const fabric = {
    name: 'ten',
    credentials: { username: 'admin', password: 'admin' },
    devices,
    cabling: [],
    faults: [],
  }
  const lab = openLab({ switches: { fabric }, files: { 'lines.yaml': WORKFLOW, ...files } })
  const { err } = await lab.exits(10, 'plan lines.yaml')
  const of = (line: string) => err.split('\n').filter((said) => said.includes(`"frobnicate ${line}"`))
  const [first, last] = [NAMES.slice(0, 5).join(', '), NAMES.slice(5).join(', ')]
  expect(of('one')).toEqual([expect.stringContaining(`${NAMES.join(', ')}: `)])
  expect(of('of-a')).toEqual([expect.stringContaining(`${first}: `)])
  expect(of('of-b')).toEqual([expect.stringContaining(`${last}: `)])
  for (const { requests } of lab.fabric.devices) expect(requests().filter(({ kind }) => kind === 'write')).toEqual([])
})
