import { selectDevices } from '../../../change/inventory/selector.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Problem } from '../../../model/problem.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { inventoryFor, nothingThere } from './readable.ts'
import { SEE_POLICY } from './see-policy.ts'

/** A failure as it is told to somebody who may not see every switch. A denial, and what is wrong with a selector, name switches: the selector is judged by those that they may see, so that a switch which they may not see is as one that is not there, and no other text names one. */
export function toldTo(app: RecordApp, caller: SilentCaller, error: unknown, targets?: string): unknown {
  if (!isDenial(error) && !(error instanceof InputError)) return error
  const visible = inventoryFor(app, caller)
  const seen = new Set(visible.devices.map(({ name }) => name))
  const hidden = app.project.inventory().devices.flatMap(({ name }) => (seen.has(name) ? [] : [name]))
  if (hidden.length === 0) return error
  if (targets !== undefined && (isDenial(error) || isAboutSelection(error))) {
    if (seen.size === 0) return nothingThere()
    const selected = selectDevices(targets, visible)
    if (!selected.ok) return new InputError(selected.problems)
  }
  const isNamed = naming(hidden)
  if (error instanceof InputError) return new InputError(error.problems.map((one) => withoutHint(one, isNamed)))
  if (!isNamed(`${error.message} ${error.hint ?? ''}`)) return error
  return new EosflowError(error.kind, 'the policy does not let you do that on every switch that it is about', {
    hint: SEE_POLICY,
    ...definedMembers({ decision: error.decision }),
  })
}

function isDenial(error: unknown): error is EosflowError {
  return error instanceof EosflowError && (error.kind === 'not-authorised' || error.kind === 'window-closed')
}

function isAboutSelection(error: InputError) {
  return error.problems.some(({ code }) => code === 'unknown-target' || code === 'nothing-selected')
}

function withoutHint(problem: Problem, isNamed: (text: string) => boolean) {
  const { hint, ...told } = problem
  return hint !== undefined && isNamed(hint) ? { ...told, hint: 'check the spelling' } : problem
}

function naming(names: readonly string[]): (text: string) => boolean {
  const known = new Set(names)
  return (text) =>
    (text.match(/[A-Za-z0-9._-]+/g) ?? []).some((word) => known.has(word) || known.has(word.replace(/[.]+$/, '')))
}
