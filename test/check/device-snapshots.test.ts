import { describe, expect, test } from 'vitest'
import { catalogueChecks } from '../../src/check/builtin/index.ts'
import type { Check } from '../../src/check/define.ts'
import type { Json } from '../../src/model/json.ts'
import { type CheckResult, checkCommands, judgeCheck } from '../../src/trial/judge-check.ts'
import { type RecordedSwitch, snapshotsPresent } from '../sim/lab-fabric.ts'
import { allCounted } from '../sim/recorded-counts.ts'
import { bgpRows } from './device-snapshots/bgp.ts'
import { interfaceRows } from './device-snapshots/interfaces.ts'
import { answerOf, recordedSwitches } from './device-snapshots/recorded-switch.ts'
import { routeRows } from './device-snapshots/routes.ts'
import type { SnapshotRow } from './device-snapshots/row.ts'
import { switchWideRows } from './device-snapshots/switch-wide.ts'

const rows: readonly SnapshotRow[] = [...interfaceRows, ...bgpRows, ...routeRows, ...switchWideRows]

/** Every command that all switches were asked for in JSON and that a check of the catalogue asks. */
const RECORDED: readonly string[] = [
  'show interfaces',
  'show ip bgp neighbors vrf all',
  'show ip bgp vrf all',
  'show ip ospf neighbor',
  'show ip route vrf all',
  'show version',
]

/** The checks that ask nothing else. */
const RECORDED_CHECKS: readonly string[] = [
  'VerifyBGPPeerSessionRibd',
  'VerifyBGPPeerTtlMultiHops',
  'VerifyBGPPeersHealthRibd',
  'VerifyBGPRoutePaths',
  'VerifyEOSVersion',
  'VerifyIPv4RouteNextHops',
  'VerifyIPv4RouteType',
  'VerifyInterfacesCounterDetails',
  'VerifyInterfacesSpeed',
  'VerifyL2MTU',
  'VerifyL3MTU',
  'VerifyMemoryUtilization',
  'VerifyOSPFNeighborCount',
  'VerifyOSPFNeighborState',
  'VerifyOSPFSpecificNeighbors',
  'VerifyVxlan1ConnSettings',
  'VerifyVxlan1VVTEPIPAddresses',
]

/** The checks whose answers are made of the recorded configuration and of the recorded routes of all VRFs. */
const DERIVED_CHECKS: readonly string[] = [
  'VerifyIPv4RoutePresencePerPrefix',
  'VerifyIPv4RoutePresencePerVRF',
  'VerifyRoutingTableEntry',
  'VerifyRunningConfig',
  'VerifyRunningConfigLines',
]

/** EOS 4.18 answers `show ip bgp neighbors vrf all` with `{"errors": ["This is an unconverted command"]}`. */
const ANSWERED_WITH_AN_ERROR: readonly string[] = [
  'VerifyBGPPeerSessionRibd on eos_bgp_weight_behavior_ribd__r3-418',
  'VerifyBGPPeerSessionRibd on eos_bgp_weight_behavior_ribd__r4-418',
  'VerifyBGPPeerTtlMultiHops on eos_bgp_weight_behavior_ribd__r3-418',
  'VerifyBGPPeerTtlMultiHops on eos_bgp_weight_behavior_ribd__r4-418',
  'VerifyBGPPeersHealthRibd on eos_bgp_weight_behavior_ribd__r3-418',
  'VerifyBGPPeersHealthRibd on eos_bgp_weight_behavior_ribd__r4-418',
]

const RESULTS: readonly string[] = ['success', 'failure', 'skipped', 'error']

const switches: ReadonlyMap<string, RecordedSwitch> = snapshotsPresent ? recordedSwitches() : new Map()

/** One check with the inputs of its own example on one switch: what was answered and what it says. */
interface Tried {
  readonly check: string
  readonly snapshot: string
  readonly unanswered: readonly string[]
  readonly judged: CheckResult
}

function tried({ name: check, example = {} }: Check, snapshot: string): Tried {
  const commands = checkCommands(check, example)
  const answers = answersOn(snapshot, check, example)
  const unanswered = commands.filter((_, at) => answers[at] === null).map(({ command }) => command)
  return { check, snapshot, unanswered, judged: judgeCheck(check, example, answers) }
}

const everyCheckEverywhere = (): readonly Tried[] =>
  [...switches.keys()].flatMap((snapshot) => catalogueChecks.map((check) => tried(check, snapshot)))

function answersOn(snapshot: string, check: string, inputs: Json): readonly Json[] {
  const recorded = switches.get(snapshot)
  if (recorded === undefined) throw new Error(`there is no recorded switch ${snapshot}`)
  return checkCommands(check, inputs).map((command) => answerOf(recorded, command))
}

/** When a switch gave its answers, as far as they tell it: the last reading of a counter. */
function timeOf(answers: readonly Json[]): number | undefined {
  const times = [...JSON.stringify(answers).matchAll(/"counterRefreshTime":([\d.]+)/g)].map(([, time]) => Number(time))
  return times.length === 0 ? undefined : Math.max(...times)
}

describe('the table for recorded switches', () => {
  test('has rows of every check whose answers are recorded or follow from what is, and of every result', () => {
    expect(rows).toHaveLength(105)
    expect([...new Set(rows.map(({ check }) => check))].sort()).toEqual([...RECORDED_CHECKS, ...DERIVED_CHECKS].sort())
    expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(RESULTS))
    expect(rows.filter(({ result, messages }) => (result === 'success') !== (messages.length === 0))).toEqual([])
    expect(new Set(rows.map(({ snapshot }) => snapshot)).size).toBe(24)
  })

  test('17 checks of the catalogue ask only what was recorded', () => {
    const asking = catalogueChecks.filter(({ name, example }) =>
      checkCommands(name, example ?? null).every(
        ({ command, format }) => format === 'json' && RECORDED.includes(command),
      ),
    )
    expect(asking.map(({ name }) => name).sort()).toEqual(RECORDED_CHECKS)
    expect(RECORDED_CHECKS).toHaveLength(17)
  })
})

describe.skipIf(!snapshotsPresent)('checks on recorded switches (needs ../shared)', () => {
  test.each(rows.map((row, at) => [`${at + 1} ${row.check} on ${row.snapshot}: ${row.result}`, row] as const))(
    '%s',
    (_name, { snapshot, check, inputs, result, messages }) => {
      const answers = answersOn(snapshot, check, inputs)
      expect(judgeCheck(check, inputs, answers, timeOf(answers))).toEqual({ result, messages })
    },
  )

  test('the rows are of four generations of EOS', () => {
    const version = (snapshot: string): string =>
      /EOS-(4\.\d+)/.exec(switches.get(snapshot)?.config ?? '')?.[1] ?? 'unknown'
    expect(new Set(rows.map(({ snapshot }) => version(snapshot)))).toEqual(new Set(['4.18', '4.21', '4.23', '4.36']))
  })

  test('every check with its own example on each switch gives a result; unanswered, an error that names the command', {
    tags: 'long',
  }, () => {
    const all = everyCheckEverywhere()
    expect(all).toHaveLength(switches.size * catalogueChecks.length)
    expect(all.filter(({ judged }) => !RESULTS.includes(judged.result))).toEqual([])
    const lacking = all.filter(({ unanswered }) => unanswered.length > 0)
    const amiss = lacking.filter(
      ({ judged: { result, messages }, unanswered: [first] }) =>
        result !== 'error' || messages.length !== 1 || messages[0] !== `\`${first}\` was not answered`,
    )
    expect(amiss).toEqual([])
    // 17 recorded, 3 derived on all; 2 ask for the VRF MGMT, which the nine switches of one lab have.
    const answered = all.filter(({ unanswered }) => unanswered.length === 0)
    if (allCounted) expect(answered).toHaveLength(20 * 35 + 2 * 9)
    expect(new Set(answered.map(({ check }) => check))).toEqual(new Set([...RECORDED_CHECKS, ...DERIVED_CHECKS]))
    const errors = answered.filter(({ judged }) => judged.result === 'error')
    expect(errors.map(({ check, snapshot }) => `${check} on ${snapshot}`).sort()).toEqual(ANSWERED_WITH_AN_ERROR)
  })
})
