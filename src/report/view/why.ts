import { definedMembers } from '../../model/defined-members.ts'
import type { Failure } from '../event-words/troubles.ts'
import { inPeoplesOrder } from '../phrases/spoken.ts'
import type { ExecutionView } from './execution-view.ts'
import type { LastVerdict, ViewState } from './view-state.ts'
import { instantOf } from './waves-of.ts'

type Why = ExecutionView['why']
type Finding = Why['findings'][number]
type Reason = Finding['reasons'][number]

const MOST_FINDINGS = 40
const MOST_FAILURES = 20

export function whyOf(view: ViewState): Why {
  const { failures } = view.failed
  const told = failures
    .filter((one) => !isToldByChecks(view, one))
    .map(({ path, state, device, error, caught }) => ({
      state,
      path,
      ...definedMembers({ device }),
      kind: error.kind,
      message: error.message,
      ...definedMembers({ hint: error.hint }),
      isHandled: caught,
    }))
  return {
    findings: eachOnce(findingsOf(view), ({ of, check, status, reasons }) => [
      of ?? '',
      check,
      status,
      ...reasons.map(({ text }) => text),
    ]).slice(0, MOST_FINDINGS),
    failures: eachOnce(told, ({ state, device = '', kind, message, hint = '', isHandled }) => [
      state,
      kind,
      withoutName(message, device),
      withoutName(hint, device),
      String(isHandled),
    ]).slice(-MOST_FAILURES),
  }
}

function eachOnce<One extends { readonly device?: string }>(
  all: readonly One[],
  sameness: (one: One) => readonly string[],
): readonly (One & { readonly alike?: readonly string[] })[] {
  const groups = new Map<string, One[]>()
  for (const one of all) {
    // What is of no single switch is told each time.
    const key = JSON.stringify(one.device === undefined ? [groups.size] : sameness(one))
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const names = inPeoplesOrder(group.flatMap(({ device }) => device ?? []))
    const [first] = names
    const told = group.find(({ device }) => device === first)
    if (told === undefined) return []
    return names.length < 2 ? [told] : [{ ...told, alike: names.slice(1) }]
  })
}

function withoutName(text: string, device: string) {
  return device === '' ? text : text.replaceAll(device, '')
}

function isToldByChecks({ failed, judged }: ViewState, { error }: Failure) {
  return failed.failures.some(
    (one) =>
      one.error.kind === 'verification' &&
      one.device !== undefined &&
      (judged.bad.get(one.device)?.size ?? 0) > 0 &&
      error.message.includes(one.error.message),
  )
}

function findingsOf({ execution, verdicts }: ViewState): readonly Finding[] {
  if (execution.outcome === 'succeeded') return []
  return [...verdicts].flatMap(([device, own]) => [...own.values()].flatMap((one) => findingOf(device, one)))
}

function findingOf(device: string, { check, of, round, verdict, at }: LastVerdict): readonly Finding[] {
  if (verdict.status === 'pass' || verdict.status === 'skip') return []
  const reasons = verdict.status === 'fail' ? verdict.reasons : [verdict.reason]
  return [
    {
      device,
      ...definedMembers({ of }),
      check,
      status: verdict.status,
      reasons: reasons.map(reasonOf),
      at: instantOf(at),
      round,
    },
  ]
}

const COMPARED = /^(.+?) - expected: (.*), actual: (.*)$/s
const UNEXPECTED = /^(.+?): (.*) -> (.*) - not expected$/s

export function reasonOf(text: string): Reason {
  const [, about, expected, actual] = COMPARED.exec(text) ?? []
  if (about !== undefined && expected !== undefined && actual !== undefined) return { text, about, expected, actual }
  const [, place, before, after] = UNEXPECTED.exec(text) ?? []
  if (place === undefined || before === undefined || after === undefined) return { text }
  return { text, about: place, expected: before, actual: after }
}
