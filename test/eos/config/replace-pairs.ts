import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { DiffLine, Plan } from '../../../src/change/plan/plan.ts'
import { recordings } from '../../recordings.ts'

/**
 * The changed commands of a one-switch plan as rows `+block > command` and `-block > command`, in the plan's order. A
 * command that only moves to another block of the same name is no change of its block's commands.
 */
export function plannedChange(plan: Plan) {
  const [device, ...others] = plan.content.devices
  if (device === undefined || others.length > 0) throw new RangeError(`${plan.content.devices.length} switches`)
  const rows = changedRows(device.diff)
  const shown = new Set(rows)
  return rows.filter((row) => !shown.has(`${row.startsWith('+') ? '-' : '+'}${row.slice(1)}`))
}

function changedRows(diff: readonly DiffLine[]) {
  const open: { indent: number; line: string }[] = []
  return diff.flatMap(({ sign, text }) => {
    const line = text.trim()
    const indent = text.length - line.length
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop()
    open.push({ indent, line })
    return sign === ' ' ? [] : [`${sign}${open.map((block) => block.line).join(' > ')}`]
  })
}

/** The EOS under which a switch with this configuration is simulated: one that was recorded on a version too old to be changed runs the next one that is. */
export function changeableEos(config: string): { readonly eos?: string } {
  return /^! device: .*, EOS-4\.(?:1\d|2[0-2])\./m.test(config) ? { eos: '4.23.5M' } : {}
}

/** The folder of recorded public material beside the checkout, or undefined where it is not there. */
export const shared: URL | undefined = existsSync(recordings('')) ? recordings('') : undefined

/** The text of one recorded file. */
export function recorded(path: string) {
  return readFileSync(new URL(path, shared), 'utf8')
}

/** One recorded edit of a whole configuration. */
export interface ReplacePair {
  readonly name: string
  readonly running: string
  readonly candidate: string
}

/** Every recorded pair of a running-config and the candidate that replaced it. */
export function replacePairs(): ReplacePair[] {
  const folder = 'eos-corpus/replace-pairs/'
  return readdirSync(new URL(folder, shared)).map((name) => ({
    name,
    running: recorded(`${folder}${name}/running.cfg`),
    candidate: recorded(`${folder}${name}/candidate.cfg`),
  }))
}

/** Every whole recorded configuration of the kinds that stand for a real switch. */
export function wholeConfigs(): { readonly name: string; readonly text: string }[] {
  const kinds = ['real-device', 'field-like', 'avd-generated', 'avd-base']
  return recorded('eos-corpus/manifest.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { file: string; kind: string })
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ file }) => ({ name: file, text: recorded(`eos-corpus/${file}`) }))
}
