import type { ConfigNode, ConfigTree } from '../../../config/text/tree.ts'
import { defineShow } from '../format/define.ts'

interface Rule {
  readonly sequence: number
  readonly text: string
}

/**
 * `show ip access-lists`: the configured ones. EOS lists its own `default-control-plane-acl` as well; what stands in it
 * depends on the version and is not configured, so that it is left out.
 */
export const showIpAccessLists = defineShow({
  words: 'show ip access-lists [<name>]',
  docs: 'The configured IPv4 access lists; the keys that ANTA reads (JSON), ntc show_ip_access-lists (text).',
  json: ({ running }, { name }) => ({
    aclList: accessLists(running, name).map(({ name: list, standard, rules }) => ({
      name: list,
      standard,
      sequence: rules.map(({ sequence, text }) => ({ text, sequenceNumber: sequence })),
    })),
  }),
  text: ({ running }, { name }) =>
    accessLists(running, name)
      .map(({ name: list, standard, rules }) => {
        const rows = rules.map(({ sequence, text }) => `        ${sequence} ${text}\n`)
        return `${standard ? 'Standard ' : ''}IP Access List ${list}\n${rows.join('')}`
      })
      .join('\n'),
})

interface AccessList {
  readonly name: string
  readonly standard: boolean
  readonly rules: readonly Rule[]
}

function accessLists(running: ConfigTree, wanted: string | undefined): readonly AccessList[] {
  return running.children.flatMap((node) => {
    const [, standard, name] = /^ip access-list (standard )?(\S+)$/.exec(node.line) ?? []
    if (name === undefined || (wanted !== undefined && wanted !== name)) return []
    return [{ name, standard: standard !== undefined, rules: node.children.flatMap(rule) }]
  })
}

function rule({ line }: ConfigNode): readonly Rule[] {
  const [, sequence, text = ''] = /^(\d+) (.+)$/.exec(line) ?? []
  return sequence === undefined ? [] : [{ sequence: Number(sequence), text }]
}
