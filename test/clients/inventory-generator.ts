/** Scalars of YAML 1.1 as people write them, and as they should not. */
export const YAML_SCALARS: readonly string[] = [
  'text',
  'two words',
  '1',
  '0',
  '-1',
  '+12',
  '0012',
  '0o17',
  '017',
  '08',
  '0x1F',
  '0b101',
  '1_000',
  '1.0',
  '1.',
  '.5',
  '-.5',
  '1e5',
  '1.5e+3',
  '1.5e3',
  '1.0e-07',
  '.inf',
  '-.inf',
  'yes',
  'no',
  'Yes',
  'NO',
  'on',
  'off',
  'true',
  'False',
  'y',
  'n',
  'null',
  'Null',
  '~',
  '',
  'None',
  '10:20',
  '1:30:15',
  '190:20:30.15',
  '01:30',
  '00:1c:73:aa:bb:cc',
  '2001-12-14',
  '2001-12-14t21:59:43.10-05:00',
  '2001-12-14 21:59:43.10 Z',
  '2001-12-15 2:59:43',
  '192.0.2.1',
  '192.0.2.0/24',
  '2001:db8::1',
  'Ethernet1/1',
  '10-20,30',
  '"double \\"quoted\\" \\u0041\\n"',
  "'single ''quoted'''",
  '"yes"',
  "'10'",
  "it's",
  'a#b',
  'a # comment',
  '"a # b"',
  'http://example.com:80/x',
  '"{{ x }}"',
  '"{% if x %}y{% endif %}"',
  'H__%D{%H:%M:%S}%v%P',
  '!unsafe "{{ raw }}"',
  '!unsafe text',
  '!!str 5',
  '!!int "5"',
  '!!float 5',
  '&a text',
  '[a, b: c]',
  '{a: 1, b}',
  '12345678901234567890',
  '-9007199254740993',
  '1.7976931348623157e+308',
  '0.1',
  '100000000000000000000.0',
  '1e-7',
  '0.00001',
  'long text that goes on for a while, with a comma',
  "'multi\n        line'",
  '=x',
  '<x',
  '?x',
  ':x',
  'é',
  '日本',
  '"\\xe9\\/"',
  '0.0',
  '-0.0',
  '-0',
  '1__0',
]

/** A source of chance that gives the same for the same seed (mulberry32). */
export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 to before 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  is(probability: number): boolean {
    return this.next() < probability
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}

/** An inventory by chance: its files, the paths that are given to the reader, and patterns to pick hosts with. */
export interface GeneratedInventory {
  readonly files: Readonly<Record<string, string>>
  readonly paths: readonly string[]
  readonly patterns: readonly string[]
}

const GROUPS = ['DC1', 'DC2', 'SPINES', 'LEAVES', 'l2-leaf', 'POD_1', 'zz', 'aa', 'with.dot', 'Ünicode']
const HOSTS = [
  'leaf1',
  'leaf2',
  'leaf[1:3]',
  'leaf[01:12:3]',
  'sw-[a:d]',
  'spine[1:2].example.com',
  'r[0:1]c[1:2]',
  '192.0.2.[1:3]',
  '192.0.2.9:8080',
  'spine1:22',
  '[2001:db8::1]:443',
  '2001:db8::2',
  'x_y',
  'DC1',
  'leaf-09',
  'host.with.dots',
]
const NAMES = ['ntp', 'asn', 'ansible_host', 'mtu', 'vlans', 'x', 'y', 'z', 'dns', 'note', 'ansible_port']
const PATTERNS = [
  'all',
  'leaf*',
  'DC1',
  'DC1:!leaf1',
  'DC1:&LEAVES',
  'LEAVES,SPINES',
  '!leaf1',
  'leaf*[0]',
  'leaf*[0:1]',
  'leaf*[1:]',
  'all[-1]',
  'DC1[0:0]',
  '~leaf[12]',
  '~(leaf|sw).*',
  'sw-[ab]',
  'sw-[!ab]',
  'leaf?',
  '*.example.com',
  'spine1.example.com',
  '192.0.2.*',
  'x_y:leaf1',
  'ungrouped',
]

/** One inventory of a seed. */
export function generatedInventory(seed: number): GeneratedInventory {
  return new Generator(new Chance(seed)).inventory()
}

class Generator {
  private readonly chance: Chance
  private readonly files: Record<string, string> = {}

  constructor(chance: Chance) {
    this.chance = chance
  }

  inventory(): GeneratedInventory {
    const { chance } = this
    const count = chance.is(0.25) ? 2 : 1
    const paths: string[] = []
    for (let index = 0; index < count; index += 1) {
      const folder = chance.is(0.2) ? '' : `inv${index}/`
      if (chance.is(0.3)) paths.push(this.folder(`dir${index}`))
      else paths.push(this.file(`${folder}hosts`))
      this.variables(paths.at(-1)?.startsWith('dir') === true ? `dir${index}/` : folder)
    }
    return { files: this.files, paths, patterns: Array.from({ length: 4 }, () => chance.of(PATTERNS)) }
  }

  private folder(name: string) {
    const { chance } = this
    for (let index = 0; index <= chance.below(3); index += 1)
      this.file(`${name}/${chance.of(['10', '20', 'a', 'sub/b'])}-${index}`)
    if (chance.is(0.3)) this.files[`${name}/.hidden`] = 'no inventory at all: ['
    if (chance.is(0.3)) this.files[`${name}/notes.md`] = 'no inventory at all: ['
    if (chance.is(0.3)) this.files[`${name}/left.ini`] = '[out]\nleft\n'
    return name
  }

  private file(base: string) {
    const { chance } = this
    const isYaml = chance.is(0.55)
    const path =
      base +
      (isYaml
        ? chance.of(['', '.yml', '.yaml'])
        : base.includes('/') && base.startsWith('dir')
          ? ''
          : chance.of(['', '.ini', '.inventory']))
    this.files[path] = isYaml ? this.yaml() : this.ini()
    return path
  }

  private variables(folder: string) {
    const { chance } = this
    for (let index = 0; index < chance.below(7); index += 1) {
      const name = chance.is(0.6)
        ? `group_vars/${chance.of([...GROUPS, 'all', 'ungrouped'])}`
        : `host_vars/${chance.of(['leaf1', 'leaf2', 'sw-a', 'x_y', 'spine1.example.com', '192.0.2.1'])}`
      const inner = chance.of([
        '',
        '',
        '.yml',
        '.yaml',
        '.json',
        '/one',
        '/two.yml',
        '/nested/three.yaml',
        '/.hidden',
        '/old~',
        '/a.txt',
      ])
      const path = folder + name + inner
      if (this.clashes(path)) continue
      this.files[path] = inner === '.json' ? this.json() : this.vars(0, 1 + chance.below(5))
    }
  }

  /** Whether a file would be a folder too. */
  private clashes(path: string) {
    return Object.keys(this.files).some(
      (other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
    )
  }

  private json() {
    return JSON.stringify({
      [this.chance.of(NAMES)]: this.chance.of([1, 1.5, 'text', null, [1, { a: true }], 1e21]),
      12: 'twelve',
      11: 'eleven',
    })
  }

  private vars(indent: number, count: number) {
    const { chance } = this
    const blanks = ' '.repeat(indent)
    let text = indent === 0 && chance.is(0.4) ? '---\n' : ''
    for (let index = 0; index < count; index += 1) text += `${blanks}${this.key()}:${this.value(indent)}\n`
    return text
  }

  private key() {
    const { chance } = this
    return chance.is(0.93) ? chance.of(NAMES) : chance.of(['10', '9', '"quoted key"', 'yes', '1.5', 'null'])
  }

  private value(indent: number) {
    const { chance } = this
    const kind = chance.next()
    if (kind < 0.62 || indent > 10) return ` ${chance.of(YAML_SCALARS)}`
    if (kind < 0.72) return ` [${Array.from({ length: chance.below(4) }, () => chance.of(FLOW)).join(', ')}]`
    if (kind < 0.78) return ` {a: ${chance.of(FLOW)}, b: ${chance.of(FLOW)}}`
    const inner = indent + chance.of([1, 2, 4])
    if (kind < 0.86) return `\n${this.vars(inner, 1 + chance.below(3)).trimEnd()}`
    if (kind < 0.93) return this.list(chance.is(0.5) ? indent : inner)
    return this.block(inner)
  }

  private list(indent: number) {
    const { chance } = this
    const blanks = ' '.repeat(indent)
    let text = ''
    for (let index = 0; index <= chance.below(3); index += 1)
      text += chance.is(0.3)
        ? `\n${blanks}- ${this.vars(indent + 2, 2).trim()}`
        : `\n${blanks}- ${chance.of(YAML_SCALARS)}`
    return text
  }

  private block(indent: number) {
    const { chance } = this
    const blanks = ' '.repeat(indent)
    const lines = Array.from({ length: 1 + chance.below(4) }, () =>
      chance.of([`${blanks}text`, `${blanks}  more: text`, '', `${blanks}# none`, `${blanks}{{ x }}`]),
    )
    return ` ${chance.of(['|', '>', '|-', '>-', '|+', '>+'])}\n${blanks}begin\n${lines.join('\n')}`
  }

  private yaml() {
    const { chance } = this
    let text = chance.is(0.5) ? '---\n' : ''
    const tops = new Set(chance.is(0.6) ? ['all'] : [chance.of(GROUPS), chance.of(GROUPS)])
    for (const name of tops) text += this.group(name, 0, 0, new Set(tops))
    return text
  }

  private group(name: string, indent: number, depth: number, above: ReadonlySet<string>) {
    const { chance } = this
    const blanks = ' '.repeat(indent)
    let text = ''
    const hosts = [...new Set(Array.from({ length: chance.below(4) }, () => chance.of(HOSTS)))]
    if (hosts.length > 0) text += `${blanks}  hosts:\n${hosts.map((host) => this.host(host, indent + 4)).join('')}`
    if (chance.is(0.5)) text += `${blanks}  vars:\n${this.vars(indent + 4, 1 + chance.below(3))}`
    if (name !== 'all' && chance.is(0.2)) {
      const priority = `${blanks}    ansible_group_priority: ${chance.of([0, 2, 10, -1])}\n`
      text = text.includes(`${blanks}  vars:\n`)
        ? text.replace(`${blanks}  vars:\n`, `${blanks}  vars:\n${priority}`)
        : `${text}${blanks}  vars:\n${priority}`
    }
    const children = [
      ...new Set(Array.from({ length: depth > 3 ? 0 : chance.below(4) }, () => chance.of(GROUPS))),
    ].filter((child) => !above.has(child))
    if (children.length > 0)
      text += `${blanks}  children:\n${children.map((child) => this.group(child, indent + 4, depth + 1, new Set([...above, child]))).join('')}`
    return `${blanks}${name}:\n${text}`
  }

  private host(name: string, indent: number) {
    const { chance } = this
    const blanks = ' '.repeat(indent)
    const shown = name.startsWith('[') || name.includes(':') ? `'${name}'` : name
    return chance.is(0.5) ? `${blanks}${shown}:\n` : `${blanks}${shown}:\n${this.vars(indent + 2, 1 + chance.below(2))}`
  }

  private ini() {
    const { chance } = this
    let text = chance.is(0.3) ? `${this.iniHost()}\n` : ''
    const groups = [...new Set(Array.from({ length: 1 + chance.below(4) }, () => chance.of([...GROUPS, '7', '65100'])))]
    for (const [index, group] of groups.entries()) {
      text += `[${group}]${chance.of(['', ' ', ' # comment'])}\n`
      for (let line = 0; line < chance.below(4); line += 1)
        text += `${chance.of(['', '  '])}${this.iniHost()}\n${chance.of(['', '\n', '# comment\n', '; comment\n'])}`
      if (chance.is(0.4) && index > 0) text += `[${group}:children]\n${groups[chance.below(index)]}\n`
      if (chance.is(0.5))
        text += `[${group}:vars]\n${Array.from({ length: 1 + chance.below(3) }, () => `${chance.of(NAMES)}${chance.of(['=', ' = '])}${chance.of(INI_VALUES)}\n`).join('')}`
      if (chance.is(0.1)) text += `[${group}:vars]\nansible_group_priority=${chance.of([0, 5, 20])}\n`
    }
    return text
  }

  private iniHost() {
    const { chance } = this
    const vars = Array.from({ length: chance.below(4) }, () => ` ${chance.of(NAMES)}=${chance.of(INI_WORDS)}`)
    return `${chance.of(HOSTS)}${vars.join('')}${chance.of(['', '', ' # comment', '   '])}`
  }
}

const FLOW = [
  '1',
  'text',
  '"quoted, text"',
  "'it''s'",
  'no',
  '~',
  '[]',
  '{}',
  'two words',
  '1.0',
  '{k: v}',
  '0x1F',
  '"10:20"',
  '!unsafe "{{ x }}"',
]

const INI_VALUES = [
  '1',
  '1.0',
  'True',
  'false',
  'text',
  'two words',
  '"quoted"',
  "'quoted'",
  '[1, 2, "three"]',
  "{'a': 1, 'b': [True, None]}",
  '(1, 2)',
  '10.0.0.1',
  '0o17',
  '017',
  '1e5',
  '1_000',
  '-5',
  '- 5',
  '"a" "b"',
  "r'raw\\n'",
  "'esc\\n\\x41'",
  'x # not cut',
  '5 # cut',
  '',
  '"open',
  '1,2',
  '{}',
  '[',
  'None',
  'yes',
  '2001:db8::1',
  '0x1F',
  '{{ x }}',
  '1 + 1',
  '.5',
  '5.',
  "u'text'",
]
const INI_WORDS = [
  '1',
  '1.0',
  'True',
  'false',
  'text',
  '"two words"',
  "'two words'",
  '"[1, 2]"',
  '\'{"a": 1}\'',
  '10.0.0.1',
  '017',
  '1e5',
  '1_000',
  '-5',
  '"\'0017\'"',
  '',
  'a=b',
  'x\\ y',
  '"a\\"b"',
  'None',
  '[1,2]',
  'c#d',
  '{{x}}',
]
