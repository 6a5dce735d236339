import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileText, ROOT } from '../../lab/lab.ts'
import {
  type Mistake,
  NTP,
  OF_COMMANDS,
  OF_DECISIONS,
  OF_INVENTORIES,
  OF_PARAMETERS,
  OF_PLANS,
  OF_SWITCHES,
  startDesk,
} from './mistakes.ts'

/** Plans the workflow `ntp` with something else in it. Throws where nothing is replaced. */
const inWorkflow = (title: string, from: string | RegExp, to: string, row?: string): Mistake => ({
  title,
  ...(row === undefined ? {} : { row }),
  make: async (desk) => {
    const text = NTP.replace(from, () => to)
    if (text === NTP) throw new Error(`nothing is replaced: ${title}`)
    desk.write({ 'workflows/ntp.yaml': text })
    await desk.types('validate workflows/ntp.yaml')
  },
})

const LINE = 'ntp server vrf MGMT {{ server }}'
const N5 = 'N5'

/** Mistakes in the text of a workflow: what no reader of YAML takes, or takes for something else. */
const OF_YAML: readonly Mistake[] = [
  inWorkflow('a step is indented one blank deeper', '  - approve', '   - approve', N5),
  inWorkflow('a key is indented one blank deeper', 'targets: role', ' targets: role'),
  inWorkflow('a no-break space stands in the indent, as a web page gives it', '  - approve', '\u00a0 - approve', N5),
  inWorkflow('a no-break space stands behind a key', 'targets: role', 'targets:\u00a0role'),
  inWorkflow('an ideographic space stands in a line of the change', 'ntp server', 'ntp\u3000server'),
  inWorkflow('a zero-width space stands in a key', 'targets', 'tar\u200bgets'),
  inWorkflow('a line is indented with a tab', '  server: {', '\tserver: {'),
  inWorkflow('a tab follows the dash', '  - approve', '  -\tapprove: { expires: 4h }'),
  inWorkflow('the closing quote is missing', '- ntp server', "- 'ntp server"),
  inWorkflow('smart quotes stand around a value', 'role:leaf', '“role:leaf”'),
  inWorkflow('the blank after a colon is missing', 'name: ntp', 'name:ntp'),
  inWorkflow('the colon is missing', 'targets: role:leaf', 'targets role:leaf'),
  inWorkflow('a value holds a colon and a blank', 'role:leaf', 'role: leaf'),
  inWorkflow('a bracket is not closed', 'bgp-established] }', 'bgp-established }'),
  inWorkflow('a dash of a word processor begins an item', '  - approve', '  – approve'),
  inWorkflow('a value begins with {{', LINE, '{{ server }} is our server'),
  inWorkflow('lines with {{ }} stand in brackets', /lines:\n.*\n/, 'lines: [ntp server {{ server }}]\n', N5),
  inWorkflow('a line of the change has a colon, as it has in other tools', LINE, 'description: uplink', N5),
  inWorkflow('a line of the change begins with !', LINE, '! the time server'),
  inWorkflow('a key stands twice', 'targets: role:leaf', 'targets: role:leaf\ntargets: role:spine'),
  inWorkflow('a merge of Git left its marks', 'role:leaf', 'role:leaf\n<<<<<<< HEAD\n=======\n>>>>>>> other'),
  inWorkflow('two documents stand in one file', 'steps:', '---\nsteps:'),
  inWorkflow('a byte order mark begins the file', 'name: ntp', '\ufeffname: ntp', N5),
  inWorkflow('the file has the line ends of Windows', /\n/g, '\r\n'),
  inWorkflow('the file is empty', /[\s\S]+/, ''),
]

/** Mistakes in what a workflow says: names, types, times, and what a change may hold. */
const OF_WORKFLOWS: readonly Mistake[] = [
  inWorkflow('a key is misspelt', 'targets:', 'target:'),
  inWorkflow('a step is misspelt', '- verify', '- verfiy'),
  inWorkflow('a check is misspelt', 'bgp-established', 'bgp-establised'),
  inWorkflow('a type is misspelt', 'type: ipAddress', 'type: ipadress'),
  inWorkflow('a duration has no unit', 'confirmWithin: 5m', 'confirmWithin: 5', N5),
  inWorkflow('another duration has no unit', 'stableFor: 10s', 'stableFor: 10', N5),
  inWorkflow('a duration is written in words', 'within: 1m', 'within: 1 minute'),
  inWorkflow('a duration has a decimal', 'within: 1m', 'within: 1.5m'),
  inWorkflow('the commit timer is shorter than the verification', 'confirmWithin: 5m', 'confirmWithin: 1m'),
  inWorkflow('a list is written as one text', 'checks: [reachable, bgp-established]', 'checks: reachable'),
  inWorkflow('the steps are no list', '  - snapshot\n  - plan', '  snapshot\n  plan'),
  inWorkflow('steps stand in another order', '  - plan\n  - approve', '  - approve\n  - plan'),
  inWorkflow('there is no change', /change:\n.*\n.*\n/, ''),
  inWorkflow('lines and a template stand together', '  lines:', '  template: templates/vlan.j2\n  lines:'),
  inWorkflow('the template is not there', /lines:\n.*\n/, 'template: templates/ntp.j2\n'),
  inWorkflow('a parameter in a line is misspelt', '{{ server }}', '{{ sever }}'),
  inWorkflow('braces are not closed', '{{ server }}', '{{ server'),
  inWorkflow('a filter is misspelt', '{{ server }}', '{{ server | uper }}'),
  inWorkflow('a line of the change is misspelt', LINE, 'ntp serer {{ server }}'),
  inWorkflow('two lines are shortened', LINE, "int et10\n    - '   description a'\n    - int et11", N5),
  inWorkflow('a line is an exec command', LINE, 'reload'),
  inWorkflow('a line saves', LINE, 'write memory'),
  inWorkflow('the targets name no switch that there is', 'role:leaf', 'leaf1 or leaf9'),
  inWorkflow('the targets name a tag that no switch has', 'role:leaf', 'role:laef'),
  inWorkflow('the targets end in the middle', 'role:leaf', 'role:leaf and'),
]

const EVERY: readonly (readonly [string, readonly Mistake[]])[] = [
  ['The text of a file', OF_YAML],
  ['A workflow', OF_WORKFLOWS],
  ['The command line', OF_COMMANDS],
  ['Parameters', OF_PARAMETERS],
  ['The inventory and the project', OF_INVENTORIES],
  ['Switches and ports', OF_SWITCHES],
  ['Plans', OF_PLANS],
  ['Who may do what', OF_DECISIONS],
]

test('[3N5] what eosflow says to every mistake is the golden text', { tags: 'long' }, async () => {
  const pieces: string[] = []
  let count = 0
  for (const [chapter, mistakes] of EVERY) {
    pieces.push(`==== ${chapter} ====`)
    for (const { title, row, make } of mistakes) {
      count += 1
      const desk = startDesk()
      await make(desk)
      pieces.push(`-- ${count}. ${title}${row === undefined ? '' : ` (${row})`}\n${desk.shown}`)
    }
  }
  expect(count).toBeGreaterThanOrEqual(80)
  await expect(`${pieces.join('\n')}`).toMatchFileSnapshot('./mistakes.golden.txt')
})

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, fileText(ROOT, 'src', file)] as const)

test('[3N5] no source prints a failure or a warning in another form', () => {
  expect(SOURCES.length).toBeGreaterThan(1000)
  const other = /['"`](?:warning|error \(\$\{[\w.]+\}\)): /
  expect(SOURCES.filter(([, text]) => other.test(text)).map(([file]) => file)).toEqual([])
})

/** Of another program: SQL, and an address that a person opens. */
const OTHERS = /^(?:GRANT |open \$\{)/

test('[3C9] what is printed after Next: is a command', () => {
  const typed = SOURCES.flatMap(([file, text]) =>
    [...text.matchAll(/(?<![\w:])Next: (?!string|z\.|_|isNext)([^\s'"`][^'"`\n]*)/g)].map(
      ([, line = '']) => `${file}: ${line}`,
    ),
  ).filter(
    (one) =>
      /^(?:doors\/cli|report)\//.test(one) && !/graph\.ts|switches-at-exit|pasted\.ts|cli\/program\.ts/.test(one),
  )
  expect(typed.length).toBeGreaterThan(30)
  const bad = typed.filter((one) => {
    const line = one.slice(one.indexOf(': ') + 2)
    return !/^(?:eosflow |cd |pre-commit |\$\{)/.test(line) && !OTHERS.test(line)
  })
  expect(bad).toEqual([])
})
