import type { Row } from './row.ts'

const healthy = { state: 'active', negStatus: 'connected', peerLinkStatus: 'up', localIntfStatus: 'up' }

/** What the checks of `mlag` must say. */
export const rows: readonly Row[] = [
  { check: 'VerifyMlagStatus', name: 'a healthy pair', outputs: [healthy], result: 'success' },
  {
    check: 'VerifyMlagStatus',
    name: 'everything is down',
    outputs: [{ state: 'inactive', negStatus: 'connecting', peerLinkStatus: 'down', localIntfStatus: 'down' }],
    result: 'failure',
    messages: [
      'MLAG state is not active - Expected: active Actual: inactive',
      'MLAG negotiation status is not connected - Expected: connected Actual: connecting',
      'Operational state of the MLAG local interface is not correct - Expected: up Actual: down',
      'Operational state of the MLAG peer link is not correct - Expected: up Actual: down',
    ],
  },
  {
    check: 'VerifyMlagStatus',
    name: 'empty',
    outputs: [{}],
    result: 'error',
    messages: ['`show mlag` answered in an unknown shape at state'],
  },
  {
    check: 'VerifyMlagStatus',
    name: 'absent',
    outputs: [],
    result: 'error',
    messages: ['`show mlag` was not answered'],
  },
]
