import { textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import type { Args } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { versionOrder } from '../text/version.ts'
import { refused, wrong } from '../value/fault.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import type { Value } from '../value/value.ts'

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (by) => by === 0,
  ne: (by) => by !== 0,
  lt: (by) => by < 0,
  le: (by) => by <= 0,
  gt: (by) => by > 0,
  ge: (by) => by >= 0,
}
const SIGNS: Readonly<Record<string, string>> = {
  '==': 'eq',
  '=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '!=': 'ne',
  '<>': 'ne',
}

/** Whether a version comes before another one, behind it or with it: Ansible's test `version`. */
export function compareVersions(
  value: Value,
  [other = null, operator = 'eq', strict = null, kind = null]: Args,
  { budget }: TemplateRuntime,
): boolean {
  const isLoose = (strict === null || !isTrue(strict)) && (kind === null || kind === 'loose')
  if (!isLoose) throw refused('versions are compared loosely here', 'leave `strict` and `version_type` out')
  if (!isTrue(value) || !isTrue(other)) throw wrong('a version is empty')
  const sign = textIn(operator, 'the operator')
  const holds = OPERATORS[SIGNS[sign] ?? sign]
  if (holds === undefined) throw wrong(`there is no operator \`${sign}\``)
  return holds(versionOrder(textOf(value, budget), textOf(other, budget), budget))
}
