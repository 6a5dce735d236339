import { z } from 'zod'
import { SHOW_MLAG, SHOW_MLAG_DETAIL } from '../answer/interfaces.ts'
import { mismatch, needed, printed, recordOf, show } from '../answer/show.ts'
import { defineVerify, type Judgement } from '../define/define-check.ts'
import { count, flag, integer } from '../input/words.ts'

const MLAG_DISABLED: Judgement = { status: 'skip', reason: 'MLAG is disabled' }

/** The configurations of the two MLAG peers agree. */
export const VerifyMlagConfigSanity = defineVerify({
  summary: 'Verifies that `show mlag config-sanity` finds no inconsistency.',
  docs: 'Passes when the peers agree on global and interface configuration. Skipped where MLAG is disabled; an error where the switch does not tell `mlagActive`.',
  asks: show('show mlag config-sanity', () => {
    const differences = recordOf(z.unknown()).optional()
    return z.object({
      mlagActive: z.boolean(),
      globalConfiguration: differences,
      interfaceConfiguration: differences,
    })
  }),
  judge: (answer) => {
    const { mlagActive, globalConfiguration, interfaceConfiguration } = answer
    if (!mlagActive) return MLAG_DISABLED
    const scopes = [
      ['global', globalConfiguration],
      ['interface', interfaceConfiguration],
    ] as const
    const faults = scopes
      .filter(([, differences]) => Object.keys(differences ?? {}).length > 0)
      .map(([scope]) => `MLAG config-sanity found in ${scope} configuration`)
    if (faults.length > 0) return faults
    // ANTA takes a half that is not told for one without a difference.
    needed(answer, 'globalConfiguration')
    needed(answer, 'interfaceConfiguration')
    return []
  },
})

/** Two primaries at once are detected, and what follows is as given. */
export const VerifyMlagDualPrimary = defineVerify({
  summary: 'Verifies the dual-primary detection of MLAG and its settings.',
  docs: 'Passes when detection is enabled, and its delay, its action and both recovery delays are as given. Skipped where MLAG is disabled.',
  example: { detection_delay: 200, errdisabled: true, recovery_delay: 60, recovery_delay_non_mlag: 0 },
  input: () => ({
    detection_delay: count().describe('Seconds until two primaries are taken for detected.'),
    errdisabled: flag('Whether all interfaces are errdisabled then.'),
    recovery_delay: count().describe('Seconds after it is over until ports that are part of an MLAG are enabled.'),
    recovery_delay_non_mlag: count().describe('Seconds after it is over until the other ports are enabled.'),
  }),
  asks: SHOW_MLAG_DETAIL,
  judge: (told, input) => {
    if (told.state === 'disabled') return MLAG_DISABLED
    if (needed(told, 'dualPrimaryDetectionState') === 'disabled') {
      return ['Dual-primary detection is disabled']
    }
    const action = input.errdisabled ? 'errdisableAllInterfaces' : 'none'
    return [
      ...mismatch('Dual-primary action mismatch', action, told.detail?.dualPrimaryAction, 'None'),
      ...mismatch(
        'Dual-primary detection delay mismatch',
        input.detection_delay,
        told.detail?.dualPrimaryDetectionDelay,
        'None',
      ),
      ...mismatch(
        'Dual-primary MLAG recovery delay mismatch',
        input.recovery_delay,
        told.dualPrimaryMlagRecoveryDelay,
        'None',
      ),
      ...mismatch(
        'Dual-primary non MLAG recovery delay mismatch',
        input.recovery_delay_non_mlag,
        told.dualPrimaryNonMlagRecoveryDelay,
        'None',
      ),
    ]
  },
})

/** Every port of MLAG is active on both sides. */
export const VerifyMlagInterfaces = defineVerify({
  summary: 'Verifies that no MLAG port is inactive or active on one side only.',
  docs: 'Passes when no MLAG port is inactive or active-partial. Skipped where MLAG is disabled.',
  asks: SHOW_MLAG,
  judge: (answer) => {
    if (answer.state === 'disabled') return MLAG_DISABLED
    const ports = needed(answer, 'mlagPorts')
    const [inactive, partial] = [needed(ports, 'Inactive'), needed(ports, 'Active-partial')]
    return inactive === 0 && partial === 0
      ? []
      : [`MLAG status is not ok - Inactive Ports: ${inactive} Partial Active Ports: ${partial}`]
  },
})

/** The switch is the primary of its pair, with the priority that is given. */
export const VerifyMlagPrimaryPriority = defineVerify({
  summary: 'Verifies that the switch is the MLAG primary, and its priority.',
  docs: 'Passes when the state is primary and the priority as given. Skipped where MLAG is disabled.',
  example: { primary_priority: 3276 },
  input: () => ({ primary_priority: integer(1, 32_767).describe('The priority in the election of the primary.') }),
  asks: SHOW_MLAG_DETAIL,
  judge: ({ state, detail }, { primary_priority: expected }) => {
    if (state === 'disabled') return MLAG_DISABLED
    return [
      ...(detail?.mlagState === 'primary' ? [] : ['The device is not set as MLAG primary']),
      ...mismatch('MLAG primary priority mismatch', expected, detail?.primaryPriority, 'None'),
    ]
  },
})

/** Ports come up after a reload no sooner and no later than they should. */
export const VerifyMlagReloadDelay = defineVerify({
  summary: 'Verifies the reload delays of MLAG.',
  docs: 'Passes when both delays are as given. Skipped where MLAG is disabled.',
  example: { reload_delay: 300, reload_delay_non_mlag: 330 },
  input: () => ({
    reload_delay: count().describe('Seconds after a reload until ports that are part of an MLAG are enabled.'),
    reload_delay_non_mlag: count().describe('Seconds after a reload until the other ports are enabled.'),
  }),
  asks: SHOW_MLAG,
  judge: ({ state, reloadDelay, reloadDelayNonMlag }, input) => {
    if (state === 'disabled') return MLAG_DISABLED
    return [
      ...mismatch('MLAG reload-delay mismatch', seconds(input.reload_delay), seconds(reloadDelay)),
      ...mismatch(
        'Delay for non-MLAG ports mismatch',
        seconds(input.reload_delay_non_mlag),
        seconds(reloadDelayNonMlag),
      ),
    ]
  },
})

function seconds(delay: number | undefined) {
  return `${printed(delay)}s`
}

/** The MLAG pair is active and connected, its peer link and local interface up. */
export const VerifyMlagStatus = defineVerify({
  summary: 'Verifies that MLAG is active and connected, and that its peer link and local interface are up.',
  docs: 'Passes when the state is active, the negotiation connected, peer link and local interface up. Skipped where MLAG is disabled.',
  asks: SHOW_MLAG,
  judge: (answer) => {
    if (answer.state === 'disabled') return MLAG_DISABLED
    return [
      ...mismatch('MLAG state is not active', 'active', answer.state),
      ...mismatch('MLAG negotiation status mismatch', 'connected', needed(answer, 'negStatus')),
      ...mismatch(
        'Operational state of the MLAG local interface is not correct',
        'up',
        needed(answer, 'localIntfStatus'),
      ),
      ...mismatch('Operational state of the MLAG peer link is not correct', 'up', needed(answer, 'peerLinkStatus')),
    ]
  },
})
