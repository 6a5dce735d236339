import {
  type Roster,
  type RosterHost,
  type RosterValue,
  type Variable,
  variableNames,
  variableOf,
} from '../../../src/change/roster/hosts/roster.ts'
import type { ValueOrProblems } from '../../../src/model/error.ts'
import { WholeFloat } from '../../../src/model/json.ts'
import type { LazyValue } from '../../../src/model/once.ts'
import type { Tree, TreeEntry } from '../../../src/text/source/located.ts'

/** A tree of texts by their paths. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files)
  return {
    file: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    folder(path) {
      const prefix = path === '' ? '' : `${path}/`
      const below = paths.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length))
      if (below.length === 0) return undefined
      const names = [...new Set(below.map((one) => one.split('/')[0] ?? ''))].sort()
      return names.map((name): TreeEntry => ({ name, kind: below.includes(name) ? 'file' : 'folder' }))
    },
  }
}

/** The roster of a reading; its problems end the test. */
export function rosterOf(read: ValueOrProblems<Roster>): Roster {
  if (read.ok) return read.value
  throw new Error(read.problems.map(({ message, at }) => `${at.file}:${at.line}:${at.column} ${message}`).join('\n'))
}

/** The problems of a reading, as `file:line:column code message`. */
export function problemsOf(read: ValueOrProblems<Roster>): string[] {
  if (read.ok) return []
  return read.problems.map(({ code, message, at }) => `${at.file}:${at.line}:${at.column} ${code} ${message}`)
}

/** The variables of a host that hold, as plain data. */
export function varsOf(host: RosterHost | undefined): Record<string, unknown> {
  if (host === undefined) throw new Error('there is no such host')
  return Object.fromEntries(variableNames(host).map((name) => [name, plainOf(variableOf(host, name)?.value ?? null)]))
}

function plainOf(value: RosterValue): unknown {
  if (value instanceof WholeFloat) return value.value
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainOf(member)]))
}

/** Where a variable of a host is written, or a part of it: `file:line:column`. */
export function placeIn(host: RosterHost | undefined, name: string, ...path: (string | number)[]): string {
  const variable = host === undefined ? undefined : variableOf(host, name)
  const at = path.length === 0 ? variable?.at : variable?.placeOf?.(path)
  return `${at?.file}:${at?.line}:${at?.column}`
}

/** A host with variables, each on a line of its own in `host_vars/leaf1.yml`; parts of a value are behind it by their number of steps. */
export function ownHost(vars: Readonly<Record<string, RosterValue>>, secret: readonly string[] = []): RosterHost {
  const variables = Object.entries(vars).map(([name, value], index): [string, Variable] => {
    const at = { file: 'host_vars/leaf1.yml', line: index + 1, column: 1 }
    const placeOf: Variable['placeOf'] = (path) => ({ ...at, column: 1 + path.length })
    return [name, { value, at, placeOf, ...(secret.includes(name) ? { isSecret: true } : {}) }]
  })
  return {
    name: 'leaf1.example.net',
    at: { file: 'hosts.yml', line: 4, column: 9 },
    groups: ['all', 'LEAVES', 'FABRIC'],
    layers: [{ of: 'host leaf1', vars: new Map(variables) }],
  }
}

/** A roster of that host and another one. */
export function ownRoster(host: RosterHost): Roster {
  const group = (name: string, hosts: readonly string[]) => ({ name, children: [], hosts, layers: [] })
  const other: RosterHost = { ...host, name: 'leaf2', groups: ['all', 'FABRIC'], layers: [] }
  return {
    hosts: new Map([host, other].map((one) => [one.name, one])),
    groups: new Map(
      [group('all', []), group('FABRIC', [host.name, 'leaf2']), group('LEAVES', [host.name])].map((one) => [
        one.name,
        one,
      ]),
    ),
  }
}

/** Everything of a lazy value, as plain data: a float without a fraction is `float 1`. */
export function plain(value: LazyValue | undefined): unknown {
  if (value === undefined) return undefined
  if (value.kind === 'scalar') return value.isFloat === true ? `float ${String(value.value)}` : value.value
  if (value.kind === 'list') return Array.from({ length: value.length }, (_, index) => plain(value.item(index)))
  return Object.fromEntries(value.keys().map((key) => [key, plain(value.member(key))]))
}

/** Made with `ansible-vault encrypt_string` 2.14.18 and the password `pw-one`: `plain text of one`. */
export const ONE = `$ANSIBLE_VAULT;1.1;AES256
36393834393237376132376536366630616434613862623234643062633964353031613531343933
3161366632376431326362376531373531383962363538350a646365353061376431313034363532
36323761356330663862383038303561623635373937636638346466613662313535323036346463
6363643661353764300a343338646331343932663564636230623162663737333032333631643931
34623733396137386335663934333262633733323038323465323561306336356665`

/** The same with the vault id `prod` and the password `pw-two ü`: `zwei ☂ line`, and a second line `two`. */
export const PROD = `$ANSIBLE_VAULT;1.2;AES256;prod
65396330303831386338363061353765323764616564326432636239383430343231303463343935
6661306336623638376363343534626635663364333566370a613931366332626238393331306661
34316335363631653539396535333733663839306633373565663530326562333964353234613234
3732366663663336360a323765393166653866376261343565653439356330316333363262336466
38633936653635303562393639663739373931663336613832663363633433623766`

/** The same as a file: `a: 1`, then `b: [2, 3]`. */
export const PROD_FILE = `$ANSIBLE_VAULT;1.2;AES256;prod
37323764313939396331363235643231356165623666323735643861323461633966333565336339
6465363064383931386562313932653065393536396636370a306531303337386331326263643630
35393664346466646231623264306466326263653163346335396135616362373734303563616233
3064323737396538350a323234663837396139363062643236343763326563663136656565386333
3562
`

/** Of `pw-one`: `1234567890abcdef`, which fills a block, so that a second one is the padding. */
export const TWO_BLOCKS = `$ANSIBLE_VAULT;1.1;AES256
32663166366462346435663163633933346633303335393634636132636338613538316164303130
6138386436646232653364373462376262306666376230320a376664393634376162613232343835
37336263356162393934653133613563313038366565653833356566666461656431306366623762
3835386136666664350a643866336465643339383734336632616434646438626335353934393365
30613264653739376163633632343330313937336261306263663266623738626232
`

/** Of `pw-one`: the bytes ff fe. */
export const NO_TEXT = `$ANSIBLE_VAULT;1.1;AES256
65323061356532313433333332396538646638356434393832643261663432636339336563613334
6431616364346266303638353764363135303239396561350a336565613532653439616237303964
33333630626236336431363030613139623132666164346539303564353565616364353264366431
6561623033326562620a636430356631336162363333613630383262343964363261333361626431
3165
`
