import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderTemplate } from '../../../src/change/workflow/template/library.ts'
import { recordings } from '../../recordings.ts'

const folder = recordings('template-cases/')
const has = existsSync(folder)
const name = has ? '' : ' (needs ../shared/template-cases: skipped without it)'

/** One template with what Jinja2 and Ansible made of it. */
interface Case {
  readonly id: number
  readonly group: string
  readonly template: string
  readonly vars: string
  readonly lstripBlocks?: boolean
  readonly ansible?: string
  readonly jinja2?: string
}

/** The JSON text of each member of a file of variables, so that 1.0 and numbers of any size come through exactly. */
function variablesOf(text: string): (set: string) => string {
  const names = Object.keys(JSON.parse(text))
  const starts = names.map((set) => text.indexOf(`"${set}"`))
  return (set) => {
    const at = names.indexOf(set)
    const part = text.slice(starts[at], starts[at + 1] ?? text.lastIndexOf('}'))
    return part.slice(part.indexOf(':') + 1).replace(/,\s*$/, '')
  }
}

/** What a rendering is beside the reference: the same, refused where only the reference renders, another text, or a text where both refuse. */
function verdictOf(rendered: ReturnType<typeof renderTemplate>, wanted: readonly string[]) {
  if (!rendered.ok) return wanted.length === 0 ? 'same' : 'refused'
  if (wanted.length === 0) return 'through'
  return wanted.includes(rendered.text) ? 'same' : 'wrong'
}

test.skipIf(!has)(
  `templates render what Jinja2 or Ansible renders, or are refused${name}`,
  { tags: ['long', 'turn'] },
  () => {
    const lines = readFileSync(new URL('cases.jsonl', folder), 'utf8').trim().split('\n')
    const variables = variablesOf(readFileSync(new URL('vars.json', folder), 'utf8'))
    const judged = lines.map((line) => {
      const { id, group, template, vars, lstripBlocks = true, ansible, jinja2 }: Case = JSON.parse(line)
      const rendered = renderTemplate(template, variables(vars), { lstripBlocks })
      const wanted = [ansible, jinja2].filter((text) => text !== undefined)
      const area = /^(?:ip|mac|vlan|kw)/.test(group) ? 'address' : 'other'
      const said = rendered.ok ? rendered.text : (rendered.problems[0]?.message ?? '')
      return { id, template, area, renders: wanted.length > 0, verdict: verdictOf(rendered, wanted), said }
    })
    expect(judged.length).toBeGreaterThanOrEqual(2028)
    expect(judged.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
    const through = judged.filter(({ verdict }) => verdict === 'through')
    expect(through.filter(({ template }) => !template.includes('arista.avd.'))).toEqual([])
    expect(judged.filter(({ verdict, said }) => verdict === 'refused' && said === '')).toEqual([])
    const share = (area: string) => {
      const rendered = judged.filter((one) => one.area === area && one.renders)
      return {
        of: rendered.length,
        same: rendered.filter(({ verdict }) => verdict === 'same').length / rendered.length,
      }
    }
    expect(share('address').of).toBeGreaterThanOrEqual(1300)
    expect(share('address').same).toBeGreaterThanOrEqual(0.99)
    expect(share('other').of).toBeGreaterThanOrEqual(436)
    expect(share('other').same).toBeGreaterThanOrEqual(0.96)
  },
)
