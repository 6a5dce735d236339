import { readState } from '../../../change/engine/fold.ts'
import { compare } from '../../../change/plan/comparison.ts'
import type { DeviceEvidence } from '../../../change/task/act/context.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { inverseOf, unexpected } from '../../history/plans/inverse.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { changeOn, changeWords, planOf, requireApplicable, requireChanged } from './plan-inverse.ts'
import type { RollbackSources } from './sources.ts'

/** Throws `stale` and `wrong-device`. */
export type JudgeInverse = (evidence: readonly DeviceEvidence[]) => void

export async function inverseJudge(
  app: RecordApp,
  sources: RollbackSources | undefined,
): Promise<JudgeInverse | undefined> {
  if (sources === undefined) return undefined
  if (sources.asRecorded !== true) return (evidence) => requireInverse(app, sources, evidence)
  // What cannot be read keeps nobody from settling what is live: it is thrown where a plan is judged.
  return judgeByRecord(app, sources).catch((error: unknown) => () => {
    throw error
  })
}

async function judgeByRecord(app: RecordApp, sources: RollbackSources): Promise<JudgeInverse> {
  const { of: execution } = sources
  const state = await readState(app.store, execution)
  const plan = await planOf(app, state)
  const names = Object.keys(sources.changes)
  const changes = new Map(
    await Promise.all(names.map(async (name) => [name, await changeOn(app, state, name)] as const)),
  )
  return (evidence) => {
    const inverses = evidence.map(({ device, identity, staged: { running } }) => {
      requireChanged(plan, device, identity)
      const { base = '', target = '' } = changes.get(device) ?? {}
      return [device, inverseOf({ base, target, running, allow: plan.content.allow })] as const
    })
    requireApplicable(app, state, inverses)
    const back = inverses.flatMap(([name, { kind }]) => (kind === 'back' ? [[name, []] as const] : []))
    requireInverse(app, { ...sources, changes: { ...sources.changes, ...Object.fromEntries(back) } }, evidence)
  }
}

/** Throws `stale` unless every switch makes the inverse of the approved change of the lines it was given, no more and no less. */
export function requireInverse(
  app: WordedHost,
  { of: execution, changes }: RollbackSources,
  evidence: readonly DeviceEvidence[],
): void {
  const findings = evidence.flatMap(({ device, staged }) => {
    const made = compare(staged.running, staged.candidate).changes
    const off = unexpected(made, changes[device] ?? [])
    return off.length === 0 ? [] : [`${device}: the switch would not make the inverse: ${changeWords(off)}`]
  })
  if (findings.length === 0) return
  throw new EosflowError('stale', findings.join('\n'), {
    ...hinted(app, { code: 'undo-by-hand', execution }),
  })
}
