import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** What makes VLANs by itself (ANTA documentation, `DynamicVlanSource`). */
const SOURCES = ['dmf', 'dot1x', 'dynvtep', 'evpn', 'mlag', 'mlagsync', 'mvpn', 'swfwd', 'vccbfd'] as const

/** Dynamic VLANs come from the given sources. */
export const verifyDynamicVlanSource = defineVerify({
  name: 'VerifyDynamicVlanSource',
  summary: 'Verifies which sources have dynamic VLANs.',
  docs:
    'Passes when each source has at least one VLAN, and with `strict` no other source has any. Fails with the sources that ' +
    'are not found, those that have no VLAN, and with `strict` those that should have none.',
  example: { sources: ['evpn', 'mlagsync'], strict: false },
  input: () =>
    z.strictObject({
      sources: z.array(z.enum(SOURCES)).min(1).describe('The sources.'),
      strict: z.boolean().default(false).describe('Whether no other source may have VLANs.'),
    }),
  commands: () => [{ cmd: 'show vlan dynamic', revision: 1 }],
  answers: () => [
    z.object({ dynamicVlans: byName(z.object({ vlanIds: z.array(z.number()).optional() })).prefault({}) }),
  ],
  judge: ({ sources, strict }, [{ dynamicVlans }]) => {
    const allocated = [...dynamicVlans].filter(([, { vlanIds = [] }]) => vlanIds.length > 0).map(([source]) => source)
    const steps = [
      listed('Dynamic VLAN source(s) not found in configuration', without(sources, [...dynamicVlans.keys()])),
      listed('Dynamic VLAN source(s) exist but have no VLANs allocated', without(sources, allocated)),
      strict ? listed('Strict mode enabled: Unexpected sources have VLANs allocated', without(allocated, sources)) : [],
    ]
    return passUnless(steps.find((faults) => faults.length > 0) ?? [])
  },
})

function without(all: readonly string[], some: readonly string[]): readonly string[] {
  return all.filter((one) => !some.includes(one))
}

function listed(what: string, sources: readonly string[]): readonly string[] {
  return sources.length === 0 ? [] : [`${what}: ${[...new Set(sources)].sort().join(', ')}`]
}
