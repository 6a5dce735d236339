// @module-tag night
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { eosflow } from '../../doors/cli/eosflow.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

interface Read {
  readonly counts: { readonly cells: number; readonly before: number; readonly after: number; readonly failed: number }
  readonly devices: readonly string[]
  readonly cells: readonly { readonly kind: string; readonly ok: boolean; readonly end: string }[]
}

/** Four bundled workflows: an access list of a spine, two waves, two ends in one wave, a single switch. */
const WORKFLOWS = [
  ['change-acl', ['-t', 'spine1', '-p', 'acl=ACL-SSH', '-p', 'add=[30 permit 203.0.113.0/24]'], ['spine1']],
  ['add-vlan', ['-t', 'leaf1 or leaf3', '-p', 'vlan=140', '-p', 'label=PROD-CACHE'], ['leaf1', 'leaf3']],
  [
    'add-bgp-peer',
    ['-t', 'leaf1 or leaf3', '-p', 'loopbacks=[10.0.250.11, 10.0.250.13]', '-p', 'asns=[65101, 65102]'],
    ['leaf1', 'leaf3'],
  ],
  ['drain-spine', ['-p', 'spine=spine1'], ['spine1']],
] as const

test.each(WORKFLOWS)(
  '%s, whatever goes wrong, ends BEFORE or AFTER on every switch',
  async (name, params, devices) => {
    const argv = ['rehearse', `workflows/${name}.yaml`, ...params, '--fabric', 'fixtures/dc1', '--json']
    const { code, stdout, stderr } = await eosflow(argv, { cwd: ROOT })
    expect(stderr).toBe('')
    const { counts, cells, devices: changed } = JSON.parse(stdout) as Read
    expect(cells.filter(({ ok, end }) => !ok || (end !== 'BEFORE' && end !== 'AFTER'))).toEqual([])
    expect(code).toBe(0)
    expect(changed.toSorted()).toEqual(devices)
    expect(counts.before + counts.after).toBe(counts.cells)
    expect(counts.cells).toBeGreaterThanOrEqual(75)
    expect(Math.min(counts.before, counts.after)).toBeGreaterThanOrEqual(25)
    expect(new Set(cells.map(({ kind }) => kind)).size).toBe(18)
  },
  400_000,
)
