import { behind, type Figure } from './figure.ts'
import { type Abilities, PEERS } from './peer.ts'

const WORDS: Readonly<Record<keyof Abilities, string>> = {
  diff: 'diff shown before',
  timer: 'commit timer',
  checks: 'checks before and behind',
  confirm: 'confirm',
  rollback: 'put back on failure',
  save: 'saved',
  readBack: 'read back',
}

/** The text of the page with its tables anew, each between its marks: `<!-- NAME -->` and `<!-- end -->`. */
export function comparisonPage(page: string, figures: readonly Figure[]): string {
  const missed = behind(figures)
  const parts: Readonly<Record<string, string>> = {
    abilities: abilities(),
    behind: missed.length === 0 ? 'Nowhere in this run.' : missed.map((line) => `- ${line}`).join('\n'),
    figures: tables(figures),
    versions: versions(figures),
  }
  return page.replace(
    /(<!-- (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, before: string, name: string, after: string) => `${before}${parts[name] ?? ''}\n${after}`,
  )
}

function abilities(): string {
  const columns = PEERS.filter(({ name, way }) => name !== 'eosflow' || way === 'eAPI')
  const rows = (Object.keys(WORDS) as (keyof Abilities)[]).map((ability) =>
    row(WORDS[ability], ...columns.map((peer) => peer.abilities[ability])),
  )
  return table(['', ...columns.map(({ name }) => name)], rows)
}

function tables(figures: readonly Figure[]): string {
  const sizes = [...new Set(figures.map(({ switches }) => switches))].sort((one, other) => one - other)
  return sizes.map((size) => tableOf(figures.filter(({ switches }) => switches === size))).join('\n\n')
}

const order = (figure: Figure): number => PEERS.findIndex(({ name, way }) => name === figure.peer && way === figure.way)

function tableOf(figures: readonly Figure[]): string {
  const floor = figures.find(({ peer }) => peer === 'pyeapi, raw')
  const times = (value: number, of: 'wall' | 'cpu'): string =>
    floor === undefined ? '' : (value / floor[of]).toFixed(1)
  const [{ switches = 0, width = 0 } = {}] = figures
  const rows = figures
    .toSorted((one, other) => order(one) - order(other))
    .map((one) =>
      row(
        `${one.peer} (${one.way})`,
        one.requests,
        one.connections,
        `${one.kilobytesOut.toFixed(1)} / ${one.kilobytesIn.toFixed(1)}`,
        one.wall.toFixed(1),
        times(one.wall, 'wall'),
        one.cpu.toFixed(2),
        times(one.cpu, 'cpu'),
        ((one.cpu / switches) * 1000).toFixed(1),
        one.memory.toFixed(0),
        `${one.rounds}, ${one.load.toFixed(0)}`,
      ),
    )
  const unmeasured = PEERS.filter(
    ({ name, way }) => !figures.some((figure) => figure.peer === name && figure.way === way),
  )
  const foot =
    unmeasured.length === 0
      ? ''
      : `\n\nNot measured: ${unmeasured.map(({ name, way }) => `${name} (${way})`).join(', ')}.`
  const head = switches === 1 ? 'One switch:' : `${switches} switches, ${width} at a time:`
  return `${head}\n\n${table(
    [
      '',
      'requests a switch',
      'connections a switch',
      'kB out / in a switch',
      'wall, s',
      'x floor',
      'CPU, s',
      'x floor',
      'CPU a switch, ms',
      'memory, MB',
      'rounds, load',
    ],
    rows,
  )}${foot}`
}

function versions(figures: readonly Figure[]): string {
  const lines = new Set(
    figures.toSorted((one, other) => order(one) - order(other)).map((one) => `- ${one.peer}: ${one.versions}.`),
  )
  return [...lines].join('\n')
}

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), row(...head.map(() => '---')), ...rows].join('\n')
}
