import { z } from 'zod'
import { SHOW_PTP } from '../answer/hardware.ts'
import { MissingMember, mismatch, needed, show, told } from '../answer/show.ts'
import { defineVerify, type Judgement } from '../define/define-check.ts'
import { word } from '../input/words.ts'

const PTP_NOT_CONFIGURED: Judgement = { status: 'skip', reason: 'PTP is not configured' }

/** The switch is locked to the PTP grandmaster that it should follow. */
export const VerifyPtpGMStatus = defineVerify({
  summary: 'Verifies that the switch is locked to the given PTP grandmaster.',
  docs: 'Passes when the identity of the grandmaster is the given one. Skipped where PTP is not configured.',
  example: { gmid: '0xec:46:70:ff:fe:00:ff:a9' },
  input: () => ({ gmid: word().describe('Identity of the grandmaster that the switch should be locked to.') }),
  asks: SHOW_PTP,
  judge: ({ ptpClockSummary }, { gmid }) => {
    if (ptpClockSummary === undefined) return PTP_NOT_CONFIGURED
    const gmClockIdentity = needed(ptpClockSummary, 'gmClockIdentity')
    return mismatch('The device is locked to the incorrect Grandmaster', gmid, gmClockIdentity)
  },
})

// How old the last synchronisation may be, in seconds.
const LOCK_SECONDS = 60

/** The switch was locked to its upstream PTP grandmaster in the last minute. */
export const VerifyPtpLockStatus = defineVerify({
  summary: 'Verifies that the switch was locked to the upstream PTP grandmaster in the last minute.',
  docs: 'Passes when the last synchronisation is no more than 60 seconds old. Skipped where PTP is not configured.',
  asks: SHOW_PTP,
  judge: ({ ptpClockSummary }) => {
    if (ptpClockSummary === undefined) return PTP_NOT_CONFIGURED
    const age = needed(ptpClockSummary, 'currentPtpSystemTime') - needed(ptpClockSummary, 'lastSyncTime')
    return age < LOCK_SECONDS ? [] : [`Lock is more than ${LOCK_SECONDS}s old - Actual: ${age}s`]
  },
})

/** The switch is a PTP boundary clock. */
export const VerifyPtpModeStatus = defineVerify({
  summary: 'Verifies that the switch is a PTP boundary clock.',
  docs: 'Passes when the PTP mode is boundary clock. Skipped where PTP is not configured.',
  asks: SHOW_PTP,
  judge: ({ ptpMode }) => {
    if (ptpMode === undefined) return PTP_NOT_CONFIGURED
    return ptpMode === 'ptpBoundaryClock' ? [] : [`Not configured as a PTP Boundary Clock - Actual: ${ptpMode}`]
  },
})

const OFFSET_NANOSECONDS = 1000

/** The PTP clock is within a microsecond of its master. */
export const VerifyPtpOffset = defineVerify({
  summary: 'Verifies that the PTP timing offset is within +/- 1000ns of the master clock.',
  docs: 'Passes when each recorded offset is within +/- 1000ns. Skipped where there is none: PTP is not configured.',
  asks: show('show ptp monitor', () => ({
    ptpMonitorData: z.array(told({ intf: z.string(), offsetFromMaster: z.number() })),
  })),
  judge: ({ ptpMonitorData }) => {
    if (ptpMonitorData.length === 0) return PTP_NOT_CONFIGURED
    const offsets = new Map<string, number[]>()
    for (const one of ptpMonitorData) {
      if (Math.abs(one.offsetFromMaster) <= OFFSET_NANOSECONDS) continue
      offsets.set(one.intf, [...(offsets.get(one.intf) ?? []), one.offsetFromMaster])
    }
    return [...offsets].map(
      ([name, actual]) =>
        `Interface: ${name} - Timing offset from master is greater than +/- ${OFFSET_NANOSECONDS}ns: Actual: ${actual.join(', ')}`,
    )
  },
})

const VALID = new Set(['psMaster', 'psSlave', 'psPassive', 'psDisabled'])

/** Every interface with PTP is master, slave, passive or disabled. */
export const VerifyPtpPortModeStatus = defineVerify({
  summary: 'Verifies that every interface with PTP is in the state master, slave, passive or disabled.',
  docs: 'Passes when all interfaces with PTP are in one of these states. Fails where no interface has PTP.',
  asks: SHOW_PTP,
  judge: (answer) => {
    const interfaces = Object.entries(needed(answer, 'ptpIntfSummaries'))
    if (interfaces.length === 0) return ['No interfaces are PTP enabled']
    const ports = interfaces.flatMap(([name, { ptpIntfVlanSummaries }]) =>
      ptpIntfVlanSummaries.map(({ portState }) => ({ name, portState })),
    )
    const silent = interfaces.find(([, { ptpIntfVlanSummaries }]) => ptpIntfVlanSummaries.length === 0)
    const invalid = ports.filter(({ portState }) => !VALID.has(portState)).map(({ name }) => name)
    if (invalid.length === 0 && silent !== undefined) throw new MissingMember(silent[1], 'ptpIntfVlanSummaries.0')
    return invalid.length === 0
      ? []
      : [`The following interface(s) are not in a valid PTP state: ${invalid.join(', ')}`]
  },
})
