import { parentPort, workerData } from 'node:worker_threads'
import { FILTERS } from '../../../src/text/jinja/filter/names.ts'
import { render } from '../../../src/text/jinja/render.ts'

/** Characters that something writes as more than one. */
const SIGNS = ['"', "'", '\n', '<', '&', '.', '/', ' ', 'ß', '漢', '😀', 'İ', 'ΐ']

/** A filter, and the characters that it writes as more than one. */
export interface GrowingFilter {
  readonly name: string
  readonly signs: readonly string[]
}

/** Each filter that writes some character as more than one wherever in a text that stands, with each such character: first that of the longest. */
export function growingFilters(): readonly GrowingFilter[] {
  const lengthOf = (name: string, sign: string, count: number) => {
    const text = `{% set m = (${JSON.stringify(sign)} * ${count})|${name} %}{{ m|length if m is string else 0 }}`
    const made = render({ file: 'x.j2', text }, { variables: [] })
    return made.ok ? Number(made.text) : 0
  }
  const names = new Map(Object.entries(FILTERS).map(([name, run]) => [run, name.replace(/^ansible\.legacy\./, '')]))
  const growth = (name: string, sign: string) => lengthOf(name, sign, 2000) - lengthOf(name, sign, 1000)
  return [...names.values()].map((name) => ({
    name,
    signs: SIGNS.filter((sign) => growth(name, sign) > 1000).toSorted((a, b) => growth(name, b) - growth(name, a)),
  }))
}

// As a thread it renders one template.
if (parentPort !== null) {
  const before = process.cpuUsage()
  const made = render({ file: 'x.j2', text: workerData as string }, { variables: [] })
  const { user, system } = process.cpuUsage(before)
  parentPort.postMessage({ says: made.ok ? 'made' : made.fault.code, seconds: (user + system) / 1e6 })
}
