import { expect, test } from 'vitest'
import { parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { fabricStatus } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { simulated } from './simulate.ts'

const YAML = `version: 1
name: lab
devices:
  sw1: { eos: 4.32.2F, recorded: [show ptp, show version, 'show version detail'] }
`

const FILES: Readonly<Record<string, string>> = {
  'sw1/running-config': 'hostname sw1\n!\ninterface Management1\n   ip address 10.0.0.5/24\n!\nend\n',
  'sw1/recorded/show_ptp.json': '{"ptpMode":"ptpDisabled"}',
  'sw1/recorded/show_version.txt': 'Arista recorded\n',
  'sw1/recorded/show_version_detail.json': '{"modelName":"recorded","detail":{}}',
}

function fabricOf(files = FILES, yaml = YAML) {
  return parseFabric(yaml, 'fabric.yaml', (path) => files[path])
}

test('recorded outputs are used instead of computed ones, and beside them', async () => {
  const read = fabricOf()
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const [device] = read.value.devices
  if (device === undefined) throw new Error('no device')
  const { json, text, fabric } = simulated({ ...read.value, devices: [{ ...device, managementOutside: true }] })
  const answer = await json('show ptp', 'show version detail', 'show version')
  expect(answer.result?.slice(1, 3)).toEqual([{ ptpMode: 'ptpDisabled' }, { modelName: 'recorded', detail: {} }])
  expect(answer.result?.[3]).toMatchObject({ modelName: 'cEOSLab', version: '4.32.2F' })
  expect(await text('show version')).toBe('Arista recorded\n')
  expect(await text('show version | include Arista')).toBe('Arista recorded\n')
  expect((await json('show ptp monitor')).error?.code).toBe(1002)
  expect(fabricStatus(fabric).devices[0]?.recorded).toEqual(['show ptp', 'show version', 'show version detail'])
})

test('a form that is neither recorded nor computed is refused as unconverted', async () => {
  const read = fabricOf({
    ...FILES,
    'sw1/recorded/show_ptp.json': '',
    'sw1/recorded/show_ptp.txt': 'PTP Mode: Disabled\n',
  })
  expect(read.ok).toBe(false)
  const { 'sw1/recorded/show_ptp.json': _gone, ...rest } = FILES
  const textOnly = fabricOf({ ...rest, 'sw1/recorded/show_ptp.txt': 'PTP Mode: Disabled\n' })
  if (!textOnly.ok) throw new Error(JSON.stringify(textOnly.problems))
  const devices = textOnly.value.devices.map((device) => ({ ...device, managementOutside: true }))
  const { json, text } = simulated({ ...textOnly.value, devices })
  expect((await json('show ptp')).error?.code).toBe(1003)
  expect(await text('show ptp')).toBe('PTP Mode: Disabled\n')
})

test('what is listed and not there, or is no JSON, is a problem with its place', () => {
  const missing = fabricOf({ 'sw1/running-config': FILES['sw1/running-config'] ?? '' })
  expect(
    missing.ok ? [] : missing.problems.map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`),
  ).toEqual(['missing-file fabric.yaml:4:35', 'missing-file fabric.yaml:4:45', 'missing-file fabric.yaml:4:59'])
  const broken = fabricOf({ ...FILES, 'sw1/recorded/show_ptp.json': '{"a":' })
  expect(broken.ok ? [] : broken.problems.map(({ code, at }) => `${code} ${at.file}`)).toEqual([
    'invalid-json sw1/recorded/show_ptp.json',
  ])
  const verb = fabricOf(FILES, YAML.replace('show ptp', 'reload now'))
  expect(verb.ok).toBe(false)
})
