import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { gatewaysArea } from '../../../../src/eos/check/area/gateways.ts'
import { hardwareCapacityArea } from '../../../../src/eos/check/area/hardware-capacity.ts'
import { spanningTreeArea } from '../../../../src/eos/check/area/spanning-tree.ts'
import type { Reply } from '../../../../src/eos/device/device.ts'
import type { Json } from '../../../../src/model/json.ts'
import { recordings } from '../../../recordings.ts'
import { reply } from '../check-table.ts'

let looked = 0

const cases = recordings('eos-corpus/anta-cases/')

/** What the switch answers in a case of ANTA. */
const answers = (module: string, check: string, name: string) => {
  const file: { cases: readonly { test: string; name: string; eos_data: readonly Json[] }[] } = JSON.parse(
    readFileSync(new URL(`${module}.json`, cases), 'utf8'),
  )
  const found = file.cases.find((one) => one.test === check && one.name === name)
  if (found === undefined) throw new Error(`ANTA has no case ${name} of ${check}`)
  looked += 1
  return found.eos_data.map((answer) => reply(answer))
}

describe.skipIf(!existsSync(cases))('answers that ANTA has recorded (needs ../shared beside the checkout)', () => {
  afterAll(() => {
    expect(looked).toBe(5)
  })

  test('gateways: a switch without a virtual MAC address shows one of zeros', () => {
    const [macs] = answers('interfaces', 'VerifyIpVirtualRouterMac', 'faliure-incorrect-mac-address')
    const shown = macs?.ok === true && macs.json !== null && typeof macs.json === 'object' ? macs.json : {}
    const routers = reply({ ...shown, virtualRouters: [] })
    expect(gatewaysArea.read([reply({ interfaces: {} }), routers])).toEqual({ macs: [], interfaces: {} })
  })

  test('hardware-capacity: tables whole, by feature and by chip; none above the bound', () => {
    const [, full] = answers('hardware', 'VerifyHardwareCapacityUtilization', 'failure')
    const [, none] = answers('hardware', 'VerifyHardwareCapacityUtilization', 'success-strict-mode-true')
    expect(hardwareCapacityArea.read(full === undefined ? [] : [full])).toEqual({
      InLIF: 81,
      'InLIF PortDefault Fap14/0': 94,
      'InLIF TunnelTermination': 81,
      'ISEM2 Fap14/0': 85,
    })
    expect(hardwareCapacityArea.read(none === undefined ? [] : [none])).toEqual({})
  })

  test('a virtual switch has no hardware, and that is no failure to read', () => {
    const refused = { ok: false, code: 1002, error: 'Unavailable command (not supported on this hardware platform)' }
    expect(hardwareCapacityArea.read([refused as Reply])).toEqual({})
  })

  test('spanning-tree: roots of rapid PVST, and topology changes of MSTP', () => {
    const roots = answers('stp', 'VerifySTPRootPriority', 'success-all-instances')
    const changes = answers('stp', 'VerifyStpTopologyChanges', 'success-mstp')
    const port = { role: 'designated', state: 'forwarding' }
    const trees = {
      VL10: { interfaces: {} },
      VL30: { interfaces: { Ethernet1: port } },
      MST0: { interfaces: { 'Port-Channel5': port } },
    }
    expect(spanningTreeArea.read([...roots, reply({ spanningTreeInstances: trees }), ...changes])).toEqual({
      MST0: { root: '', ports: { 'Port-Channel5': { role: 'designated', state: 'forwarding', topologyChanges: 1 } } },
      VL10: { root: '32778 00:1c:73:27:95:a2', ports: {} },
      VL30: {
        root: '32798 00:1c:73:27:95:a2',
        ports: { Ethernet1: { role: 'designated', state: 'forwarding' } },
      },
    })
  })
})
