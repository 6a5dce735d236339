import { stateAreas } from '../../eos/check/area/index.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'
import { operationalFault } from '../../eos/sim/fault/operational.ts'
import { EosflowError } from '../../model/error.ts'
import { globMatches } from '../../model/glob.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { boundsWords, type Disruption, type ProbeRow } from '../../report/phrases/disruption.ts'
import type { Failure } from '../../report/test-results/test-results.ts'
import { configFailures } from './judge-config.ts'
import type { CaseEvidence, Lab } from './lab.ts'
import { eachSwitch, type LEFTOVERS, type TestCase, type Texts } from './schema.ts'

interface StateDifference {
  readonly path: string
  readonly expected: string
  readonly actual: string
}

export async function judge(
  testCase: TestCase,
  evidence: CaseEvidence,
  lab: Lab,
  texts: Texts,
): Promise<readonly Failure[]> {
  const failures = [
    ...endFailures(testCase, evidence),
    ...deviceFailures(testCase, evidence),
    ...networkFailures(testCase, evidence),
    ...afterFailures(testCase, evidence),
    ...probeFailures(testCase, evidence.disruption),
    ...checkFailures(testCase, evidence),
    ...requestFailures(testCase, evidence),
    ...configFailures(testCase, evidence, texts),
    ...(await stateFailures(testCase, lab)),
    ...leftoverFailures(testCase, evidence),
    ...execFailures(testCase, evidence),
    ...missedFaults(testCase, evidence, lab),
  ]
  return failures.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
}

function endFailures(testCase: TestCase, evidence: CaseEvidence): readonly Failure[] {
  const { expect, placeOf } = testCase
  const said = evidence.error === '' ? '' : `\n${evidence.error}`
  return [
    ...differs(testCase, ['outcome'], expect.outcome, evidence.outcome, said),
    ...differs(testCase, ['exit'], expect.exit, evidence.exit, expect.outcome === undefined ? said : ''),
    ...[expect.error ?? []].flat().flatMap((text, index): Failure[] => {
      if (evidence.error.includes(text)) return []
      const at = placeOf(Array.isArray(expect.error) ? ['error', index] : ['error'])
      return [{ at, what: 'error', expected: `… ${text} …`, actual: evidence.error === '' ? 'none' : evidence.error }]
    }),
    ...differs(testCase, ['states'], expect.states?.join(' → '), evidence.states.join(' → ')),
    ...differs(testCase, ['calls'], expect.calls?.join('\n'), evidence.calls.join('\n')),
  ]
}

function deviceFailures(testCase: TestCase, { ends }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'devices', (device, expected, key) =>
    differs(testCase, ['devices', key], expected, ends[device] ?? 'untouched', '', device),
  )
}

function networkFailures(testCase: TestCase, { networks }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'network', (device, expected, key) => {
    const { network = 'not put back', differences = [] } = networks[device] ?? {}
    const said = differences.length === 0 ? '' : `\n${differences.join('\n')}`
    return differs(testCase, ['network', key], expected, network, said, device)
  })
}

function afterFailures(testCase: TestCase, { after }: CaseEvidence): readonly Failure[] {
  const expected = testCase.expect.after
  if (expected === undefined) return []
  const { state = 'not watched', words = '', notices = [] } = after ?? {}
  const isSaid = expected.says === undefined || words.includes(expected.says)
  const at = testCase.placeOf(['after', 'says'])
  return [
    ...differs(testCase, ['after', 'state'], expected.state, state, words === '' ? '' : `\n${words}`),
    ...(isSaid ? [] : [{ at, what: 'after', expected: `… ${expected.says} …`, actual: words === '' ? 'none' : words }]),
    ...differs(testCase, ['after', 'notices'], expected.notices?.join(', '), notices.join(', ')),
  ]
}

function checkFailures(testCase: TestCase, { verdicts }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'checks', (device, expected, key) =>
    Object.entries(expected).flatMap(([check, status]) => {
      const verdict = verdicts[device]?.[check]
      const why = verdict !== undefined && 'reasons' in verdict ? `: ${verdict.reasons.join('; ')}` : ''
      const actual = verdict === undefined ? 'not judged' : verdict.status
      if (actual === status) return []
      const at = testCase.placeOf(['checks', key, check])
      return [{ at, what: `${check} on ${device}`, expected: status, actual: `${actual}${why}` }]
    }),
  )
}

function requestFailures(testCase: TestCase, { switches }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'requests', (device, expected, key) => {
    const actual = switches[device]?.requests ?? 0
    const limit = typeof expected === 'string' ? Number(expected.replace('<=', '')) : undefined
    const good = limit === undefined ? actual === expected : actual <= limit
    return good ? [] : differs(testCase, ['requests', key], expected, actual, '', device)
  })
}

async function stateFailures(testCase: TestCase, lab: Lab): Promise<readonly Failure[]> {
  const asked = eachSwitch(testCase, 'state', (device, areas, key) => [{ device, areas, key }])
  const failures: Failure[] = []
  for (const { device, areas, key } of asked) {
    const read = areaReader(lab, device)
    for (const [area, expected] of Object.entries(areas)) {
      const at = testCase.placeOf(['state', key, area])
      for (const { path, ...found } of stateDifferences(expected, await read(area), area)) {
        failures.push({ at, what: `${path} of ${device}`, ...found })
      }
    }
  }
  return failures
}

function differs(
  { placeOf }: TestCase,
  path: readonly [string, ...string[]],
  expected: string | number | undefined,
  actual: string | number,
  detail = '',
  device?: string,
): readonly Failure[] {
  if (expected === undefined || expected === actual) return []
  const what = device === undefined ? path[0] : `${path[0]} of ${device}`
  return [{ at: placeOf(path), what, expected: String(expected), actual: `${actual}${detail}` }]
}

function areaReader(lab: Lab, device: string): (area: string) => Promise<Json> {
  return async (name) => {
    const area = stateAreas.find((one) => one.name === name)
    if (area === undefined) throw new RangeError(`no state area ${name}`)
    try {
      return area.read(await lab.ask(device, area.commands))
    } catch (error) {
      if (error instanceof EosflowError) return { unreadable: error.message }
      throw error
    }
  }
}

// The faults of a case that have disturbed nothing: it proves nothing of what it is about, unless it says that they may.
function missedFaults(testCase: TestCase, evidence: CaseEvidence, lab: Lab): readonly Failure[] {
  return testCase.faults.flatMap(({ fault, when, mayMiss }, index): Failure[] => {
    const why = mayMiss === true ? undefined : missed(fault, when, evidence, lab)
    if (why === undefined) return []
    const expected = 'that it disturbs something (or `mayMiss: true`)'
    return [{ at: testCase.faultAt(index), what: `${fault.kind} of ${fault.device}`, expected, actual: why }]
  })
}

function missed(fault: DeviceFault, when: string | undefined, evidence: CaseEvidence, lab: Lab) {
  const setAt = lab.setAt(fault)
  if (setAt === undefined) return `it was never set: ${when} did not begin`
  const operational = operationalFault(fault, setAt)
  if (operational === undefined) {
    const { faults } = lab.fabric.get(fault.device).device
    return faults.hasStruck(fault) ? undefined : 'nothing that happened was of its kind'
  }
  if ((operational.from ?? 0) > lab.clock.now()) return 'the execution had ended before its time'
  if (!('peer' in fault)) return undefined
  const { before = '', after = '' } = evidence.switches[fault.device] ?? {}
  const names = new RegExp(`^\\s+neighbor ${fault.peer.replaceAll('.', '\\.')} `, 'm')
  return names.test(before) || names.test(after) ? undefined : `${fault.device} has no BGP neighbor ${fault.peer}`
}

// Where a state does not hold what is expected of it: members that are not named may be anything, null must not be there.
function stateDifferences(expected: Json, actual: Json | undefined, path: string): readonly StateDifference[] {
  if (expected === null) return actual === undefined ? [] : [different(path, 'not there', actual)]
  if (!isJsonObject(expected)) return sameJson(expected, actual) ? [] : [different(path, expected, actual)]
  if (!isJsonObject(actual)) return [different(path, expected, actual)]
  return Object.entries(expected).flatMap(([name, value]) =>
    stateDifferences(value, Object.hasOwn(actual, name) ? actual[name] : undefined, `${path}.${name}`),
  )
}

function different(path: string, expected: Json, actual: Json | undefined): StateDifference {
  return { path, expected: shown(expected), actual: shown(actual) }
}

function shown(value: Json | undefined) {
  if (value === undefined) return 'not there'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function sameJson(a: Json, b: Json | undefined) {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b)
}

/** No change holds a command that acts at once and that no abort undoes. */
export function execFailures(
  { at }: Pick<TestCase, 'at'>,
  { switches }: Pick<CaseEvidence, 'switches'>,
): readonly Failure[] {
  return Object.entries(switches).flatMap(([device, { execInConfig }]) =>
    execInConfig.length === 0
      ? []
      : [
          {
            at,
            what: `exec commands in the configuration of ${device}`,
            expected: 'none',
            actual: execInConfig.join(', '),
          },
        ],
  )
}

const MEANING: Readonly<Record<(typeof LEFTOVERS)[number], string>> = {
  session: 'a config session of eosflow',
  timer: 'a running commit timer',
  unsaved: 'a startup-config that differs from running-config',
}

// How every case ends: no config session of ours, no commit timer, startup-config as running-config, unless `leaves` names it.
function leftoverFailures(testCase: TestCase, { switches }: CaseEvidence): readonly Failure[] {
  const allowed = new Map(eachSwitch(testCase, 'leaves', (device, kinds, key) => [[device, { kinds, key }] as const]))
  return Object.entries(switches).flatMap(([device, { leftovers }]) => {
    const { kinds = [], key } = allowed.get(device) ?? {}
    const extra = leftovers.filter((kind) => !kinds.includes(kind))
    const absent = kinds.filter((kind) => !leftovers.includes(kind))
    const left = (what: readonly (keyof typeof MEANING)[]) => what.map((kind) => MEANING[kind]).join(', ')
    return [
      ...(extra.length === 0
        ? []
        : [{ at: testCase.at, what: `left on ${device}`, expected: 'nothing', actual: left(extra) }]),
      ...(absent.length === 0 || key === undefined
        ? []
        : [
            {
              at: testCase.placeOf(['leaves', key]),
              what: `left on ${device}`,
              expected: left(absent),
              actual: 'nothing of it',
            },
          ]),
    ]
  })
}

/** A key is a pair as the report names it, or a glob of such names. */
export function probeFailures({ expect, placeOf }: TestCase, disruption: Disruption | undefined): readonly Failure[] {
  return Object.entries(expect.cutOff ?? {}).flatMap(([key, expected]): Failure[] => {
    const at = placeOf(['cutOff', key])
    const rows = (disruption?.probes ?? []).filter(({ name }) => name === key || globMatches(key, name))
    if (rows.length === 0) return [{ at, what: `cutOff of ${key}`, expected, actual: 'not probed' }]
    return rows
      .filter((row) => !isMet(row, expected))
      .map((row) => ({ at, what: `cutOff of ${row.name}`, expected, actual: actualOf(row) }))
  })
}

function isMet({ result, reading: { gone, unmeasured } }: ProbeRow, expected: string) {
  if (expected === 'gone before') return result === 'gone-before'
  if (expected === 'not measured') return unmeasured.times > 0 || result === 'not-measured'
  if (result !== 'answered' && result !== 'cut') return false
  if (expected === '0s') return result === 'answered'
  const milliseconds = Number(/[\d.]+/.exec(expected)?.[0] ?? 0) * 1000
  return expected.startsWith('<=') ? gone.most <= milliseconds && unmeasured.times === 0 : gone.least >= milliseconds
}

function actualOf({ result, reading }: ProbeRow) {
  switch (result) {
    case 'answered':
      return '0s'
    case 'cut':
      return boundsWords(reading.gone)
    case 'gone-before':
      return 'gone before'
    case 'not-measured':
      return 'not measured'
  }
}
