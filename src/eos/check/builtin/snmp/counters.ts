import { z } from 'zod'
import { ipv4AccessLists, ipv6AccessLists, SHOW_SNMP } from '../../answer/management.ts'
import { needed } from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import { interfaceName, someOf, vrf, word } from '../../input/words.ts'
import { showAccessLists, verifyServiceAcls } from '../security/access.ts'

function differingText(what: 'contact' | 'location', expected: string, actual: string | undefined) {
  if (actual === undefined || actual === '') return [`SNMP ${what} is not configured`]
  return actual === expected ? [] : [`Incorrect SNMP ${what} - Expected: ${expected} Actual: ${actual}`]
}

function judgeCounters(
  counters: ReadonlyMap<string, number | null> | undefined,
  names: readonly string[],
  isGood: (value: number | null | undefined) => boolean,
  fault: string,
): Judgement {
  if (counters === undefined || counters.size === 0) return ['SNMP counters not found']
  const bad = [...new Set(names)].filter((name) => !isGood(counters.get(name))).sort()
  return bad.length === 0 ? [] : [`${fault}: ${bad.join(', ')}`]
}

/** The contact that the SNMP agent tells is the expected one. */
export const VerifySnmpContact = defineVerify({
  summary: 'Verifies the contact that the SNMP agent tells.',
  docs: 'Passes when the SNMP contact is the expected one.',
  example: { contact: 'Jon@example.com' },
  input: () => ({ contact: word().describe('The expected contact.') }),
  asks: SHOW_SNMP,
  judge: ({ contact: shown }, { contact: expected }) => differingText('contact', expected, shown?.contact),
})

const ERRORS = [
  'inVersionErrs',
  'inBadCommunityNames',
  'inBadCommunityUses',
  'inParseErrs',
  'outTooBigErrs',
  'outNoSuchNameErrs',
  'outBadValueErrs',
  'outGeneralErrs',
] as const

/** The SNMP agent counted no errors. */
export const VerifySnmpErrorCounters = defineVerify({
  summary: 'Verifies that the SNMP agent counted no errors.',
  docs: 'Passes when each given counter of errors is zero; all counters where none is given.',
  example: { error_counters: ['inVersionErrs', 'inBadCommunityNames'] },
  input: () => ({ error_counters: z.array(z.enum(ERRORS)).nullish().describe('The counters; absent: all.') }),
  asks: SHOW_SNMP,
  judge: ({ counters }, { error_counters: errors }) =>
    judgeCounters(
      counters,
      errors?.length ? errors : ERRORS,
      // A counter that this version does not have counts nothing.
      (value) => !value,
      'The following SNMP error counters are not found or have non-zero error counters',
    ),
})

/** The SNMP agent has the expected number of IPv4 access lists in a VRF, all of them active. */
export const VerifySnmpIPv4Acl = verifyServiceAcls({
  service: 'the SNMP agent',
  asks: showAccessLists('snmp ipv4', ipv4AccessLists),
  what: 'SNMP IPv4 ACL(s)',
  miscounted: 'Incorrect SNMP IPv4 ACL(s)',
})

/** The SNMP agent has the expected number of IPv6 access lists in a VRF, all of them active. */
export const VerifySnmpIPv6Acl = verifyServiceAcls({
  service: 'the SNMP agent',
  asks: showAccessLists('snmp ipv6', ipv6AccessLists),
  what: 'SNMP IPv6 ACL(s)',
  miscounted: 'Incorrect SNMP IPv6 ACL(s)',
})

/** The location that the SNMP agent tells is the expected one. */
export const VerifySnmpLocation = defineVerify({
  summary: 'Verifies the location that the SNMP agent tells.',
  docs: 'Passes when the SNMP location is the expected one.',
  example: { location: 'New York' },
  input: () => ({ location: word().describe('The expected location.') }),
  asks: SHOW_SNMP,
  judge: ({ location: shown }, { location: expected }) => differingText('location', expected, shown?.location),
})

const PDUS = ['inGetPdus', 'inGetNextPdus', 'inSetPdus', 'outGetResponsePdus', 'outTrapPdus'] as const

/** SNMP requests come in and answers go out. */
export const VerifySnmpPDUCounters = defineVerify({
  summary: 'Verifies that SNMP messages of each kind were received or sent.',
  docs: 'Passes when each given counter of SNMP messages is above zero; all counters where none is given.',
  example: { pdus: ['outTrapPdus', 'inGetNextPdus'] },
  input: () => ({ pdus: z.array(z.enum(PDUS)).nullish().describe('The counters; absent: all.') }),
  asks: SHOW_SNMP,
  judge: ({ counters }, { pdus }) =>
    judgeCounters(
      counters,
      pdus?.length ? pdus : PDUS,
      (value) => typeof value === 'number' && value !== 0,
      'The following SNMP PDU counters are not found or have zero PDU counters',
    ),
})

/** SNMP messages leave from the expected interface of each VRF. */
export const VerifySnmpSourceInterface = defineVerify({
  summary: 'Verifies the source interfaces of SNMP.',
  docs: 'Passes when the source interface of SNMP in each VRF is the expected one.',
  example: { interfaces: [{ interface: 'Management0', vrf: 'MGMT' }] },
  input: () => ({
    interfaces: someOf(
      {
        interface: interfaceName().describe('The interface that SNMP messages leave from.'),
        vrf: vrf().describe('The VRF of the interface.'),
      },
      'The source interfaces to verify.',
    ),
  }),
  asks: SHOW_SNMP,
  judge: ({ srcIntf }, { interfaces }) => {
    const actualByVrf = srcIntf?.sourceInterfaces
    if (actualByVrf === undefined || actualByVrf.size === 0) return ['SNMP source interface(s) not configured']
    return interfaces.flatMap(({ interface: expected, vrf }) => {
      const subject = `Source Interface: ${expected} VRF: ${vrf}`
      const actual = actualByVrf.get(vrf)
      if (actual === undefined) return [`${subject} - Not configured`]
      return actual === expected ? [] : [`${subject} - Incorrect source interface - Actual: ${actual}`]
    })
  },
})

/** The SNMP agent is enabled in a VRF. */
export const VerifySnmpStatus = defineVerify({
  summary: 'Verifies that the SNMP agent is enabled in a VRF.',
  docs: 'Passes when the SNMP agent is enabled, and in the VRF.',
  example: { vrf: 'default' },
  input: () => ({ vrf: vrf().describe('The VRF that the agent listens in.') }),
  asks: SHOW_SNMP,
  judge: (agent, { vrf }) => {
    const listens = needed(agent, 'enabled') && needed(needed(agent, 'vrfs'), 'snmpVrfs').includes(vrf)
    return listens ? [] : [`VRF: ${vrf} - SNMP agent disabled`]
  },
})
