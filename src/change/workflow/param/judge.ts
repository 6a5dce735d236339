import type { Json } from '../../../model/json.ts'
import type { Path } from '../../../text/source/located.ts'
import { show } from '../../../text/source/show.ts'
import { exampleOf } from './example-of.ts'
import { judgeObject, judgeTable } from './judge-record.ts'
import { bad, judgementOf, judgeScalar, type Misfit, type ScalarJudgement } from './judge-scalar.ts'
import type { Param } from './schema.ts'

/** How a value, or the part of it at a path, is written, where that is a number that prints otherwise. */
export type NumberText = (path?: Path) => string | undefined

/**
 * Judges a value by its parameter. Addresses and VLAN ranges come out in the form in which EOS prints them; a number that is
 * written otherwise than it prints is never taken for what it prints.
 */
export function judgeParam(param: Param, value: Json, written: NumberText = () => undefined): ScalarJudgement {
  switch (param.type) {
    case 'list':
      return judgeList(param, value, written)
    case 'table':
      return judgeTable(param, value, written)
    case 'object':
      return judgeObject(param, value, written)
    default:
      return judgeScalar(param, value, written())
  }
}

function judgeList(param: Extract<Param, { type: 'list' }>, value: Json, written: NumberText): ScalarJudgement {
  if (!Array.isArray(value)) {
    const fitting = listOf(param, value)
    return bad(`must be a list, not ${show(value)}`, `for example \`${fitting}\``, fitting)
  }
  if (value.length < (param.minItems ?? 0))
    return bad(`must have at least ${param.minItems} items`, 'add what is missing')
  if (value.length > (param.maxItems ?? 4096))
    return bad(`must have at most ${param.maxItems ?? 4096} items`, 'shorten the list')
  const items: Json[] = []
  const misfits: Misfit[] = []
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const judged = judgeScalar(param.items, item, written([index]))
    if (judged.ok) items.push(judged.value)
    else misfits.push(...judged.misfits.map((one) => ({ ...one, path: [index] })))
  }
  return judgementOf(misfits, items)
}

/** The list that was most likely meant by a value that is none: its words, where they fit, else one of the type of its items. */
function listOf({ items }: Extract<Param, { type: 'list' }>, value: Json): string {
  const words = typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [value]
  const given = words.map((word) => judgeScalar(items, word, undefined))
  const fits = given.length > 0 && given.every(({ ok }) => ok)
  return `[${fits ? words.map(String).join(', ') : exampleOf(items)}]`
}
