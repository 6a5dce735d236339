import { expect } from 'vitest'
import { interfacesUp } from '../../../../src/eos/check/builtin/interfaces-up.ts'
import { checkTable } from '../check-table.ts'

/** `show interfaces status` with these links. */
const status = (links: Readonly<Record<string, string>>) => ({
  interfaceStatuses: Object.fromEntries(
    Object.entries(links).map(([name, linkStatus]) => [
      name,
      {
        description: '',
        linkStatus,
        duplex: 'duplexFull',
        bandwidth: 10_000_000_000,
        interfaceType: '10GBASE-SR',
        vlanInformation: { interfaceMode: 'routed', interfaceForwardingModel: 'routed' },
      },
    ]),
  ),
})

/** `show interfaces`, which has the logical interfaces too. */
const every = (links: Readonly<Record<string, string>>) => ({
  interfaces: Object.fromEntries(Object.entries(links).map(([name, interfaceStatus]) => [name, { interfaceStatus }])),
})

/** The same as the snapshot keeps it. */
const kept = (links: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(links).map(([name, link]) => [
      name,
      { link, mode: 'routed', vlan: 0, bandwidth: 10_000_000_000, duplex: 'duplexFull' },
    ]),
  )

checkTable(interfacesUp, {
  'those that were connected are': {
    replies: [status({ Ethernet1: 'connected', Ethernet2: 'notconnect', Management1: 'connected' }), every({})],
    baseline: { interfaces: kept({ Ethernet1: 'connected', Ethernet2: 'notconnect', Management1: 'connected' }) },
    verdict: { status: 'pass', facts: ['2 connected'] },
  },
  'one has lost its link, one was shut, one is gone': {
    replies: [status({ Ethernet1: 'notconnect', Ethernet2: 'disabled', Ethernet4: 'connected' }), every({})],
    baseline: {
      interfaces: kept({
        Ethernet1: 'connected',
        Ethernet2: 'connected',
        Ethernet3: 'connected',
        Ethernet4: 'connected',
      }),
    },
    verdict: {
      status: 'fail',
      reasons: [
        'Ethernet1 - expected: connected, actual: notconnect',
        'Ethernet2 - expected: connected, actual: disabled',
        'Ethernet3 - expected: connected, actual: not there',
      ],
    },
  },
  'one of every kind is there and up': {
    replies: [
      status({ Ethernet1: 'connected', 'Port-Channel1': 'connected', Management1: 'connected' }),
      every({
        Ethernet1: 'connected',
        'Ethernet1.100': 'connected',
        'Port-Channel1.20': 'connected',
        Loopback0: 'connected',
        Vlan110: 'connected',
        Vxlan1: 'connected',
        Tunnel1: 'connected',
      }),
    ],
    baseline: {
      interfaces: kept({
        Ethernet1: 'connected',
        'Ethernet1.100': 'connected',
        'Port-Channel1': 'connected',
        'Port-Channel1.20': 'connected',
        Loopback0: 'connected',
        Vlan110: 'connected',
        Vxlan1: 'connected',
        Tunnel1: 'connected',
        Management1: 'connected',
      }),
    },
    verdict: { status: 'pass', facts: ['9 connected'] },
  },
  'an SVI went down, a loopback is gone': {
    replies: [status({ Ethernet1: 'connected' }), every({ Vlan110: 'notconnect' })],
    baseline: { interfaces: kept({ Ethernet1: 'connected', Vlan110: 'connected', Loopback0: 'connected' }) },
    verdict: {
      status: 'fail',
      reasons: [
        'Vlan110 - expected: connected, actual: notconnect',
        'Loopback0 - expected: connected, actual: not there',
      ],
    },
  },
  'logical interfaces that cannot be read are not gone': {
    replies: [status({ Ethernet1: 'connected' }), 'Invalid input'],
    baseline: { interfaces: kept({ Ethernet1: 'connected', Loopback0: 'connected' }) },
    verdict: { status: 'error', reason: expect.stringContaining('show interfaces') },
  },
  'one that came up is no matter': {
    replies: [status({ Ethernet1: 'connected', Ethernet2: 'connected' }), every({})],
    baseline: { interfaces: kept({ Ethernet1: 'connected', Ethernet2: 'notconnect' }) },
    verdict: { status: 'pass', facts: ['1 connected'] },
  },
  'named ones need no snapshot': {
    input: { interfaces: ['Ethernet1'] },
    replies: [status({ Ethernet1: 'connected', Ethernet2: 'notconnect' })],
    verdict: { status: 'pass', facts: ['1 connected'] },
  },
  'a named one that is not there': {
    input: { interfaces: ['Ethernet1', 'Ethernet99', 'constructor'] },
    replies: [status({ Ethernet1: 'connected' }), every({})],
    verdict: {
      status: 'fail',
      reasons: [
        'Ethernet99 - expected: connected, actual: not there',
        'constructor - expected: connected, actual: not there',
      ],
    },
  },
  'without a snapshot there is nothing to compare with': {
    replies: [status({ Ethernet1: 'connected' }), every({})],
    verdict: { status: 'error', reason: 'the snapshot did not read the state area `interfaces` before the change' },
  },
  'a snapshot of another shape is none': {
    replies: [status({ Ethernet1: 'connected' }), every({})],
    baseline: { interfaces: { Ethernet1: 'connected' } },
    verdict: {
      status: 'error',
      reason: 'what the snapshot kept of the state area `interfaces` is not of a known shape',
    },
  },
  'nothing was connected before': {
    replies: [status({ Ethernet1: 'notconnect' }), every({})],
    baseline: { interfaces: kept({ Ethernet1: 'notconnect' }) },
    verdict: { status: 'skip', reason: 'no interface was connected before the change' },
  },
  'a switch that shows no interface': {
    replies: [status({}), every({})],
    baseline: { interfaces: kept({ Ethernet1: 'notconnect' }) },
    verdict: { status: 'error', reason: 'the switch shows no interface at all' },
  },
})
