import { failureLine, unreadJson } from '../sessions/formats.ts'
import { count, present, type Style, switches, visibleLine } from '../text/text.ts'
import type { InvariantsOfSwitch } from './invariants-of-switch.ts'

export const invariantsAs = { text: invariantsText, json: invariantsJson } as const

function invariantsJson(judged: readonly InvariantsOfSwitch[]) {
  const devices = judged.map((one) => (one.state === 'judged' ? one : unreadJson(one)))
  return JSON.stringify({ version: 1, kind: 'invariants', devices })
}

function invariantsText(judged: readonly InvariantsOfSwitch[], style: Style) {
  const blocks = judged.flatMap((one) => linesOf(one, style))
  const broken = judged.reduce((sum, one) => sum + (one.state === 'judged' ? one.breaches.length : 0), 0)
  const unread = judged.filter(({ state }) => state === 'unread').length
  const rest = unread === 0 ? '' : `, ${unread} not read`
  const sum = `Invariants: ${switches(judged.length)}, ${count(broken, 'breach', 'breaches')}${rest}`
  return present(blocks, blocks.length > 0 && '', sum).join('\n')
}

function linesOf(judged: InvariantsOfSwitch, style: Style) {
  if (judged.state === 'unread') return [style.bad(failureLine(judged.name, judged.failure))]
  const { name, breaches } = judged
  const named = new Map(breaches.map(({ invariant, because }) => [invariant, because]))
  const ofOne = ([invariant, because]: readonly [string, string]) => [
    visibleLine(`  ${invariant}: ${because}`),
    ...breaches.flatMap((one) => (one.invariant === invariant ? [style.bad(visibleLine(`    ${one.says}`))] : [])),
  ]
  return breaches.length === 0 ? [] : [style.bold(visibleLine(name)), ...[...named].flatMap(ofOne)]
}
