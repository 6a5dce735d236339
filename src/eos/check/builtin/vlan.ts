import { z } from 'zod'
import { byName, mismatch, partly, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { flag, someOf, vlanId } from '../input/words.ts'

// What makes VLANs by itself (ANTA documentation, `DynamicVlanSource`).
const SOURCES = ['dmf', 'dot1x', 'dynvtep', 'evpn', 'mlag', 'mlagsync', 'mvpn', 'swfwd', 'vccbfd'] as const

/** Dynamic VLANs come from the given sources. */
export const VerifyDynamicVlanSource = defineVerify({
  summary: 'Verifies which sources have dynamic VLANs.',
  docs:
    'Passes when each source has at least one VLAN, and with `strict` no other source has any. Fails with the sources that ' +
    'are not found, those that have no VLAN, and with `strict` those that should have none.',
  example: { sources: ['evpn', 'mlagsync'], strict: false },
  input: () => ({
    sources: someOf(z.enum(SOURCES), 'The sources.'),
    strict: flag('Whether no other source may have VLANs.'),
  }),
  asks: show('show vlan dynamic', () => ({
    dynamicVlans: byName(partly({ vlanIds: z.array(z.number()) })).prefault({}),
  })),
  judge: ({ dynamicVlans }, { sources, strict }) => {
    const allocated = [...dynamicVlans].filter(([, { vlanIds = [] }]) => vlanIds.length > 0).map(([source]) => source)
    const steps = [
      listed('Dynamic VLAN source(s) not found in configuration', without(sources, [...dynamicVlans.keys()])),
      listed('Dynamic VLAN source(s) exist but have no VLANs allocated', without(sources, allocated)),
      strict ? listed('Strict mode enabled: Unexpected sources have VLANs allocated', without(allocated, sources)) : [],
    ]
    return steps.find((faults) => faults.length > 0) ?? []
  },
})

function without(all: readonly string[], some: readonly string[]) {
  return all.filter((one) => !some.includes(one))
}

function listed(what: string, sources: readonly string[]) {
  return sources.length === 0 ? [] : [`${what}: ${[...new Set(sources)].sort().join(', ')}`]
}

/** Internal VLANs are taken in the given order from the given range. */
export const VerifyVlanInternalPolicy = defineVerify({
  summary: 'Verifies in which order, and from which range, the switch takes VLANs for itself.',
  docs:
    'Passes when the policy and both ends of the range are as given. Fails where the policy is another, and then says ' +
    'nothing of the range, which depends on it; else for each end that differs.',
  example: { policy: 'ascending', start_vlan_id: 1006, end_vlan_id: 4094 },
  input: () => ({
    policy: z.enum(['ascending', 'descending']).describe('Order in which VLANs are taken.'),
    start_vlan_id: vlanId().describe('The VLAN that the range starts with.'),
    end_vlan_id: vlanId().describe('The VLAN that the range ends with.'),
  }),
  asks: show('show vlan internal allocation policy', () =>
    partly({ policy: z.string(), startVlanId: z.number(), endVlanId: z.number() }),
  ),
  judge: (actual, { policy, start_vlan_id, end_vlan_id }) => {
    const otherPolicy = mismatch('Incorrect VLAN internal allocation policy configured', policy, actual.policy, 'None')
    if (otherPolicy.length > 0) return otherPolicy
    const subject = `VLAN internal allocation policy: ${policy}`
    return [
      ...mismatch(`${subject} - Incorrect start VLAN id configured`, start_vlan_id, actual.startVlanId, 'None'),
      ...mismatch(`${subject} - Incorrect end VLAN id configured`, end_vlan_id, actual.endVlanId, 'None'),
    ]
  },
})

/** VLANs have the given administrative status. */
export const VerifyVlanStatus = defineVerify({
  summary: 'Verifies the administrative status of VLANs.',
  docs:
    'Passes when each VLAN is configured and has its status. Fails for each that is not configured, and each with another ' +
    'status.',
  example: {
    vlans: [
      { vlan_id: 10, status: 'suspended' },
      { vlan_id: 4094, status: 'active' },
    ],
  },
  input: () => ({
    vlans: someOf(
      {
        vlan_id: vlanId().describe('Number of the VLAN.'),
        status: z.enum(['active', 'suspended', 'inactive']).describe('Its status.'),
      },
      'The VLANs.',
    ),
  }),
  asks: show('show vlan', () => partly({ vlans: byName(told({ status: z.string() })) })),
  judge: ({ vlans }, { vlans: wanted }) =>
    wanted.flatMap(({ vlan_id, status }) => {
      const name = `VLAN: Vlan${vlan_id}`
      const vlan = vlans?.get(String(vlan_id))
      if (vlan === undefined) return [`${name} - Not configured`]
      return mismatch(`${name} - Incorrect administrative status`, status, vlan.status)
    }),
})
