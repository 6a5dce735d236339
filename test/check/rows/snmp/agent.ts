import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'
import { serviceAclRows } from '../service-acls.ts'

const command = 'show snmp'

const pdus = { inGetPdus: 1, inGetNextPdus: 2, inSetPdus: 3, outGetResponsePdus: 4, outTrapPdus: 5 }

const noErrors = {
  inVersionErrs: 0,
  inBadCommunityNames: 0,
  inBadCommunityUses: null,
  inParseErrs: 0,
  outTooBigErrs: 0,
  outNoSuchNameErrs: 0,
  outBadValueErrs: 0,
  outGeneralErrs: 0,
}

/** What the checks of the SNMP agent must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifySnmpStatus', { command, inputs: { vrf: 'MGMT' } }, [
    passes('in the VRF', [{ enabled: true, vrfs: { snmpVrfs: ['default', 'MGMT'] } }]),
    passes('in the default VRF', [{ enabled: true, vrfs: { snmpVrfs: ['default'] } }], {}),
    fails('in another VRF', [{ enabled: true, vrfs: { snmpVrfs: ['default'] } }], ['VRF: MGMT - SNMP agent disabled']),
    fails('disabled', [{ enabled: false, vrfs: { snmpVrfs: ['MGMT'] } }], ['VRF: MGMT - SNMP agent disabled']),
    errs('empty', [{}], '`show snmp` does not tell enabled'),
  ]),
  ...serviceAclRows({
    check: 'VerifySnmpIPv4Acl',
    command: 'show snmp ipv4 access-list summary',
    key: 'ipAclList',
    lists: 'SNMP IPv4 ACL(s)',
    miscounted: 'Incorrect SNMP IPv4 ACL(s)',
  }),
  ...serviceAclRows({
    check: 'VerifySnmpIPv6Acl',
    command: 'show snmp ipv6 access-list summary',
    key: 'ipv6AclList',
    lists: 'SNMP IPv6 ACL(s)',
    miscounted: 'Incorrect SNMP IPv6 ACL(s)',
  }),
  ...rowsOf('VerifySnmpLocation', { command, inputs: { location: 'Berlin' } }, [
    passes('the location', [{ location: { location: 'Berlin' } }]),
    fails('another', [{ location: { location: 'Bonn' } }], ['Incorrect SNMP location - Expected: Berlin Actual: Bonn']),
    fails('none', [{ location: { location: '' } }], ['SNMP location is not configured']),
    fails('empty', [{}], ['SNMP location is not configured']),
  ]),
  ...rowsOf('VerifySnmpContact', { command, inputs: { contact: 'noc@example.com' } }, [
    passes('the contact', [{ contact: { contact: 'noc@example.com' } }]),
    fails(
      'another',
      [{ contact: { contact: 'ops@example.com' } }],
      ['Incorrect SNMP contact - Expected: noc@example.com Actual: ops@example.com'],
    ),
    fails('none', [{ contact: {} }], ['SNMP contact is not configured']),
    fails('empty', [{}], ['SNMP contact is not configured']),
  ]),
  ...rowsOf('VerifySnmpPDUCounters', { command }, [
    passes('all above zero', [{ counters: { ...pdus, inVersionErrs: 9 } }]),
    passes('the given one', [{ counters: { outTrapPdus: 1, inGetPdus: 0 } }], { pdus: ['outTrapPdus'] }),
    fails(
      'one is zero, one is not told',
      [{ counters: { inSetPdus: 0, inGetPdus: 1 } }],
      ['The following SNMP PDU counters are not found or have zero PDU counters: inGetNextPdus, inSetPdus'],
      { pdus: ['inSetPdus', 'inGetPdus', 'inGetNextPdus'] },
    ),
    fails(
      'an empty list is all',
      [{ counters: { ...pdus, outTrapPdus: 0 } }],
      ['The following SNMP PDU counters are not found or have zero PDU counters: outTrapPdus'],
      { pdus: [] },
    ),
    fails('empty', [{}], ['SNMP counters not found']),
  ]),
  ...rowsOf('VerifySnmpErrorCounters', { command }, [
    passes('no errors', [{ counters: { ...noErrors, inGetPdus: 5 } }]),
    passes('others have errors', [{ counters: { ...noErrors, outGeneralErrs: 2 } }], {
      error_counters: ['inParseErrs'],
    }),
    fails(
      'two have errors',
      [{ counters: { ...noErrors, outBadValueErrs: 1, inParseErrs: 3 } }],
      ['The following SNMP error counters are not found or have non-zero error counters: inParseErrs, outBadValueErrs'],
    ),
    passes('one is not told', [{ counters: { inGetPdus: 5 } }], { error_counters: ['inVersionErrs'] }),
    errs(
      'a counter that SNMP does not have',
      [],
      'the check `VerifySnmpErrorCounters` does not accept its inputs at error_counters.0: Invalid option: expected one of "inVersionErrs"|"inBadCommunityNames"|"inBadCommunityUses"|"inParseErrs"|"outTooBigErrs"|"outNoSuchNameErrs"|"outBadValueErrs"|"outGeneralErrs"',
      { error_counters: ['inErrs'] },
    ),
    fails('empty', [{ counters: {} }], ['SNMP counters not found']),
  ]),
]
