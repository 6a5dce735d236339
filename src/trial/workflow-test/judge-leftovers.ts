import type { Failure } from '../../report/test-results/test-results.ts'
import { eachSwitch } from './each-switch.ts'
import type { CaseEvidence } from './evidence.ts'
import type { LEFTOVERS } from './schema.ts'
import type { TestCase } from './test-case.ts'

const MEANING: Readonly<Record<(typeof LEFTOVERS)[number], string>> = {
  session: 'a config session of eosflow',
  timer: 'a running commit timer',
  unsaved: 'a startup-config that differs from running-config',
}

/** How every case ends: no config session of ours, no commit timer, startup-config as running-config, unless `leaves` names it. */
export function leftoverFailures(testCase: TestCase, { switches }: CaseEvidence): readonly Failure[] {
  const allowed = new Map(eachSwitch(testCase, 'leaves', (device, kinds, key) => [[device, { kinds, key }] as const]))
  return Object.entries(switches).flatMap(([device, { leftovers }]) => {
    const { kinds = [], key } = allowed.get(device) ?? {}
    const extra = leftovers.filter((kind) => !kinds.includes(kind))
    const absent = kinds.filter((kind) => !leftovers.includes(kind))
    const left = (what: readonly (keyof typeof MEANING)[]): string => what.map((kind) => MEANING[kind]).join(', ')
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
