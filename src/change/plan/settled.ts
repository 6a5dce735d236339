import type { ChangeLine, ConfigChange } from '../../eos/config/diff/diff.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { savedState } from '../../eos/device/device.ts'
import { EosflowError } from '../../model/error.ts'
import { keptIn } from '../../model/once.ts'
import type { ShownChange } from '../policy/approval-case.ts'
import { isAmong } from '../task/act/config-changes.ts'
import type { SettledDevice } from '../task/act/context.ts'
import type { DiffLine, Plan, PlanContent, PlannedDevice } from './plan.ts'
import { requireKnownRisks } from './planned-said.ts'
import { cleanDiff, cleanLines, type PlanRedactor, redactionIn } from './redaction.ts'
import {
  changedText,
  compare,
  comparisonOf,
  diffText,
  type ShownTexts,
  sealComparable,
  sealDiff,
  sealDiffText,
  sealRunning,
} from './seal.ts'
import { unknownLines } from './unknown-lines.ts'

/** Throws `bug` for a switch that is not in it. */
export function plannedOf(plan: Plan, name: string): PlannedDevice {
  const { devices } = plan.content
  const device = keptIn(byName, plan.content, () => new Map(devices.map((one) => [one.name, one]))).get(name)
  if (device === undefined) throw new EosflowError('bug', `${name} is not in the plan`)
  return device
}

const byName = new WeakMap<PlanContent, ReadonlyMap<string, PlannedDevice>>()

export function settledDevice(plan: Plan, name: string, key: string, scrub?: PlanRedactor): SettledDevice {
  const device = plannedOf(plan, name)
  return {
    identity: device.identity,
    timerSeconds: plan.content.timers.confirmWithin,
    verify: verifyOf(plan.content, name),
    startupEqualsRunning: device.base.startupEqualsRunning,
    prunes: plan.content.checkpoints === 'prune',
    requireShown: ({ mode, lines }) => {
      if (mode !== device.mode) throw altered(name, `a change by ${device.mode}, and it would be sent by ${mode}`)
      const shown = cleanLines(lines, redactionIn(plan.content, key, scrub))
      if (!isSame(shown, device.lines)) throw altered(name, 'other lines than those that would be sent')
    },
    requireSaid: (said) => requireKnownRisks(device, said),
    requireBase: (running) => {
      if (sealRunning(key, running) === device.base.running) return
      throw new EosflowError('stale', `${name}: running-config has changed since the plan was made`, {
        device: name,
        hint: againHint(plan),
      })
    },
    isTarget: (base, running) => sealDiffText(key, changedText(base, running)) === device.diffHmac,
    partOfChange: (base, running) => {
      const found = changesIn(cleanDiff(compare(base, running).lines, redactionIn(plan.content, key, scrub)))
      const ours = changesIn(device.diff)
      const there = ours.filter((one) => found.some(isAmong([one])))
      return there.length === ours.length ? 'all' : there.length > 0 ? 'some' : 'none'
    },
    requireCandidate: (change, shown) => {
      const comparison = comparisonOf(shown)
      // The judgement of the approval reports another base, and another change, as such.
      const isOther = sealComparable(key, comparison.running) !== device.base.running
      if (isOther) return
      if (sealDiff(key, comparison.lines) !== device.diffHmac) {
        if (device.offline === true) throw otherThanComputed(device, comparison.lines)
        return
      }
      const unknown = unknownLines(comparison.changes, change).map(redactionIn(plan.content, key, scrub))
      if (!isSame(unknown, device.unknownLines)) throw altered(name, 'other lines as unknown than there are')
    },
    requireSaved: (reading) => {
      // A startup-config that was erased meanwhile holds nothing that the save of this change would hide.
      if (!device.base.startupEqualsRunning || savedState(reading) !== 'unsaved') return
      throw new EosflowError('stale', `${name}: the plan shows that running-config is saved, and it is not`, {
        device: name,
        hint: 'The save of this change would save more than the plan shows. Plan again and have the new plan approved.',
      })
    },
    hasBootLines: device.bootLines !== undefined,
    ...otherSideOf(plan.content, name),
  }
}

export function againHint(plan: Pick<Plan, 'content'>): string {
  const again = 'Plan again and have the new plan approved.'
  if (!keepsBases(plan)) return again
  return `Run the plan with --rebase: its approvals carry if only lines differ that a rule lists. Otherwise: ${again}`
}

export function keepsBases({ content }: Pick<Plan, 'content'>): boolean {
  return content.devices.some(({ base }) => base.kept !== undefined)
}

function otherSideOf({ otherSides }: PlanContent, name: string): Pick<SettledDevice, 'otherSide'> {
  if (otherSides === undefined || otherSides === 'off') return {}
  const side = otherSides.sides.find((one) => one.switch === name)
  if (side === undefined) return {}
  const partners = side.partners.map((partner) => partner.name)
  return { otherSide: { device: name, partners, uplinks: otherSides.uplinks } }
}

function altered(name: string, what: string) {
  return new EosflowError('stale', `${name}: the plan shows ${what}`, {
    device: name,
    hint: 'The plan file was changed after it was made. Plan again and have the new plan approved.',
  })
}

// What a switch makes of lines that it was never asked about must be what was computed and approved.
function otherThanComputed(device: PlannedDevice, lines: readonly ChangeLine[]) {
  const message = `${device.name}: the switch would make another change of lines that were planned without it`
  const approved = ['approved:', ...device.diff.map(({ sign, text }) => `  ${sign}${text}`)]
  const made = [
    'the switch:',
    ...redact(diffText(lines))
      .split('\n')
      .map((row) => `  ${row}`),
  ]
  return new EosflowError('stale', [message, ...approved, ...made].join('\n'), {
    device: device.name,
    hint: 'Nothing was committed. Write the lines as the switch prints them, and plan again.',
  })
}

/** What a switch shows right before its timed commit, beside what the plan has: running-config, and what it would make of it. */
export function shownChange(
  plan: Plan,
  name: string,
  key: string,
  shown: ShownTexts,
  scrub?: PlanRedactor,
): ShownChange {
  const { base, diffHmac, diff } = plannedOf(plan, name)
  const { running, lines } = comparisonOf(shown)
  const found = cleanDiff(lines, redactionIn(plan.content, key, scrub))
  return {
    device: name,
    base: { planned: base.running, found: sealComparable(key, running) },
    diff: { planned: diffHmac, found: sealDiff(key, lines) },
    shown: { planned: diffText(diff), found: diffText(found) },
  }
}

function isSame(a: readonly string[], b: readonly string[]) {
  return a.length === b.length && a.every((line, place) => line === b[place])
}

/** How long the verification of a switch may take and must stay good, in seconds: a canary is watched longer. */
export function verifyOf(
  { timers, canary }: Pick<PlanContent, 'timers' | 'canary'>,
  name: string,
): { readonly within: number; readonly stableFor: number } {
  const { verifyWithin: within, stableFor } = timers
  if (canary === undefined || !canary.switches.includes(name)) return { within, stableFor }
  return { within: within + canary.soak - stableFor, stableFor: canary.soak }
}

function changesIn(diff: readonly DiffLine[]): readonly ConfigChange[] {
  const above: { readonly indent: number; readonly line: string }[] = []
  return diff.flatMap(({ sign, text }) => {
    const line = text.trimStart()
    const indent = text.length - line.length
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop()
    const path = above.map((one) => one.line)
    above.push({ indent, line })
    return sign === ' ' ? [] : [{ sign, path, line }]
  })
}
