import type { Place } from '../../model/error.ts'
import { visibleLine } from '../text/text.ts'

export interface PlayWorkflow {
  readonly file: string
  readonly play: string
  readonly targets: string
  readonly mode: 'merge' | 'replace'
  readonly params: readonly string[]
  readonly waves: readonly (number | `${number}%`)[]
  readonly notTaken: readonly {
    readonly at: Place
    readonly what: string
    readonly why: string
    readonly isIdle?: true
  }[]
  readonly notes: readonly string[]
  readonly isQuiet: boolean
}

export function playWorkflowText(
  name: string,
  { file, play, targets, mode, waves, params, notTaken, notes, isQuiet }: PlayWorkflow,
): string {
  const lacks = notTakenRows(notTaken).map((row) => `#   ${row}`)
  return `# Made of ${file}${play === '' ? '' : `, play ${JSON.stringify(play)}`}: read it before you run it.
#
#   eosflow plan workflows/${name}.yaml${params.map((param) => ` -p ${param}=…`).join('')}
#
${lacks.length === 0 ? '' : `# Not in it:\n${lacks.join('\n')}\n#\n`}${notes.map((note) => `# ${note}\n`).join('')}# Templates name the variables of a switch as in Ansible: \`vars: ansible\`.
name: ${name}
description: ${JSON.stringify(play === '' ? `Made of ${file}` : play)}
${params.length === 0 ? '' : `\nparams:\n${params.map((param) => `  ${param}: { type: string }\n`).join('')}`}
targets: ${targets}
change: { mode: ${mode}, template: templates/${name}.j2, vars: ansible }
rollout: { waves: [${(waves.length === 0 ? [1, '50%', '100%'] : waves).join(', ')}] }

steps:
  - snapshot: { state: [interfaces, bgp] }
  - plan
  - approve
  - push: { confirmWithin: 20m }
  - verify:
      within: 5m # longer than the BGP hold time
      checks:
        - reachable # add what must hold: \`eosflow check list\`
${isQuiet ? '        - interfaces-up\n' : ''}  - confirm

onFailure: rollback
`
}

export function notTakenRows(notTaken: PlayWorkflow['notTaken']): readonly string[] {
  const idle = new Map<string, string[]>()
  const rows = notTaken.flatMap(({ at, what, why, isIdle }) => {
    if (isIdle !== true) return [`${at.file}:${at.line} ${what}: ${why}`]
    const module = what.split(' ', 1)[0] ?? what
    idle.set(at.file, [...(idle.get(at.file) ?? []), `${at.line} ${module}`])
    return []
  })
  return [...rows, ...[...idle].map(([file, tasks]) => `${file} changes no switch in line ${tasks.join(', ')}`)].map(
    visibleLine,
  )
}
