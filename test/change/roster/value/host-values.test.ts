import { describe, expect, test } from 'vitest'
import { type RosterValue, UnsafeText, VaultText } from '../../../../src/change/roster/hosts/roster.ts'
import { hostValues, type ReadingOptions } from '../../../../src/change/roster/value/host-values.ts'
import { VaultKeys } from '../../../../src/change/roster/vault/decrypt-vault.ts'
import { type LazyValue, ValueFault } from '../../../../src/model/once.ts'
import { ONE, ownHost, ownRoster, PROD, plain } from '../own-tree.ts'

const passwords = [
  { id: 'default', secret: 'pw-one' },
  { id: 'prod', secret: 'pw-two ü' },
]

function valuesOf(vars: Readonly<Record<string, RosterValue>>, options: ReadingOptions = {}, secret: string[] = []) {
  const host = ownHost(vars, secret)
  return hostValues(host, { roster: ownRoster(host), ...options })
}

/** The problem of reading. */
function problemOf(read: () => unknown) {
  try {
    read()
  } catch (thrown) {
    if (thrown instanceof ValueFault) return thrown.problem
    throw thrown
  }
  return undefined
}

const member = (value: LazyValue | undefined, key: string) => (value?.kind === 'map' ? value.member(key) : undefined)

describe('what is not read', () => {
  const values = valuesOf({
    a: { b: '{{ c }}', broken: "{{ lookup('file', 'x') }}", list: ['{{ c }}', '{{ broken }}'] },
    c: 1,
    broken: '{{ x | nofilter }}',
    vault: new VaultText('damaged'),
    uses: '{{ a.b }} {{ a.list[0] }} {{ a|length }} {{ a|list }}',
    all: '{{ a }}',
  })

  test('harms nothing', () => {
    expect(values.names()).toEqual(['a', 'c', 'broken', 'vault', 'uses', 'all'])
    expect(plain(member(values.get('a'), 'b'))).toBe(1)
    expect(plain(values.get('uses'))).toBe("1 1 3 ['b', 'broken', 'list']")
  })

  test('is refused when it is read, at its own place', () => {
    expect(problemOf(() => member(values.get('a'), 'broken'))).toEqual({
      code: 'inventory-jinja',
      message: "lookup('file') is not run",
      at: { file: 'host_vars/leaf1.yml', line: 1, column: 2 },
      hint: 'give the value, or an exec source',
    })
    expect(problemOf(() => values.get('all'))).toMatchObject({
      message: "lookup('file') is not run",
      at: { line: 1, column: 2 },
    })
    expect(problemOf(() => values.get('vault'))).toMatchObject({ code: 'inventory-vault', at: { line: 4, column: 1 } })
    expect(problemOf(() => values.get('broken'))).toMatchObject({
      at: { line: 3 },
      message: 'there is no filter `nofilter`',
    })
  })
})

describe('what Ansible gives besides', () => {
  test.each([
    ['{{ inventory_hostname }}', 'leaf1.example.net'],
    ['{{ inventory_hostname_short }}', 'leaf1'],
    ['{{ group_names }}', ['FABRIC', 'LEAVES']],
    ['{{ groups.FABRIC }}', ['leaf1.example.net', 'leaf2']],
    ["{{ 'leaf2' in groups['LEAVES'] }}", false],
    ['{{ groups|list }}', ['all', 'FABRIC', 'LEAVES']],
    ['{{ playbook_dir }}/x', './x'],
    ['{{ inventory_dir }}/x', './x'],
    ['{{ inventory_file }}', 'hosts.yml'],
  ])('%s', (text, value) => {
    expect(plain(valuesOf({ asked: text }).get('asked'))).toEqual(value)
  })

  test('no variable hides it, and it is no variable', () => {
    expect(plain(valuesOf({ inventory_hostname: 'x', asked: '{{ inventory_hostname }}' }).get('asked'))).toBe(
      'leaf1.example.net',
    )
    expect(valuesOf({}).get('inventory_hostname')).toBeUndefined()
  })

  test.each([
    [
      "{{ lookup('env', 'CV_TOKEN') }}",
      "lookup('env') is not run",
      `write \`\${env:CV_TOKEN}\` in the credentials of inventory.yaml, or the value`,
    ],
    ["{{ query('url', 'http://x') }}", "query('url') is not run", 'give the value, or an exec source'],
    ["{{ q('file', 'x')[0] }}", "q('file') is not run", 'give the value, or an exec source'],
    [
      "{{ hostvars['leaf2'].asn }}",
      '`hostvars` is not read: a value sees the variables of one host alone',
      'write the value here, or in a group of both hosts',
    ],
    ['{{ asn | arista.avd.encrypt }}', 'the filter `arista.avd.encrypt` is not rendered here', undefined],
    ['{{ 1 is ansible.netcommon.x }}', 'there is no test `ansible.netcommon.x`', undefined],
    ['{{ missing }}', '`missing` is not defined', undefined],
  ])('%s is refused', (text, message, hint) => {
    const values = valuesOf({ asked: text, asn: 1, other: '{{ asn }}' })
    expect(problemOf(() => values.get('asked'))).toMatchObject({ code: 'inventory-jinja', message, at: { line: 1 } })
    if (hint !== undefined) expect(problemOf(() => values.get('asked'))?.hint).toBe(hint)
    expect(plain(values.get('other'))).toBe(1)
  })
})

test('what is unsafe is never rendered, and what a template makes is not rendered again', () => {
  const values = valuesOf({
    u: new UnsafeText('{{ x }}'),
    made: "{{ '{{' }} u }}",
    uses: '{{ u }}',
    again: '{{ made }}',
  })
  expect(plain(values.get('u'))).toBe('{{ x }}')
  expect(plain(values.get('uses'))).toBe('{{ x }}')
  expect(plain(values.get('again'))).toBe('{{ u }}')
})

describe('values that are made of one another', () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [`v${index}`, index === length - 1 ? 'end' : `{{ v${index + 1} }}.`]),
    )

  test('in 20 steps', () => {
    expect(plain(valuesOf(chain(21)).get('v0'))).toBe(`end${'.'.repeat(20)}`)
  })

  test('in more than 20 steps, whichever is read first', () => {
    const message = 'the value is made of others in more than 20 steps: v0 -> v1 -> v2 -> … -> v18 -> v19 -> v20'
    for (const first of ['v1', 'v3', 'v20']) {
      const values = valuesOf(chain(22))
      values.get(first)
      expect(problemOf(() => values.get('v0'))?.message).toMatch(
        /^the value is made of others in more than 20 steps: v0 -> /,
      )
    }
    const values = valuesOf(chain(22))
    expect(problemOf(() => values.get('v0'))).toMatchObject({ code: 'inventory-jinja', message, at: { line: 21 } })
    expect(plain(values.get('v1'))).toBe(`end${'.'.repeat(20)}`)
  })

  test('in a circle', () => {
    const values = valuesOf({
      a: '{{ b.c }}',
      b: { c: '{{ d }}', free: 1 },
      d: "{{ a | default('x') }}",
      own: '{{ own }}',
    })
    const messages = ['a', 'd'].map((name) => problemOf(() => values.get(name))?.message)
    expect(messages).toEqual([
      'the value is made of itself: a -> b.c -> d -> a',
      'the value is made of itself: a -> b.c -> d -> a',
    ])
    expect(plain(member(values.get('b'), 'free'))).toBe(1)
    expect(problemOf(() => values.get('own'))?.message).toBe('the value is made of itself: own -> own')
  })

  test('a list that names its own item is no circle', () => {
    expect(plain(valuesOf({ ports: [1, '{{ ports[0] }}', '{{ ports[1] }}'] }).get('ports'))).toEqual([1, '1', '1'])
  })

  test('ever larger ones end', () => {
    const vars = Object.fromEntries(
      Array.from({ length: 19 }, (_, index) => [
        `v${index}`,
        index === 0 ? 'x'.repeat(1_000) : `{{ v${index - 1} * 8 }}`,
      ]),
    )
    const start = performance.now()
    expect(problemOf(() => valuesOf(vars).get('v18'))?.message).toMatch(/MiB of text$/)
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  test('what is undefined is rendered once, however often it is asked for', () => {
    const vars = Object.fromEntries(
      Array.from({ length: 19 }, (_, index) => [
        `v${index}`,
        index === 0 ? '{{ missing }}' : `{{ v${index - 1} }}{{ v${index - 1} }}`,
      ]),
    )
    const asking = "{{ v18|default('d') }}{{ v18|default('d') }}"
    const start = performance.now()
    expect(plain(valuesOf({ ...vars, asking }).get('asking'))).toBe('dd')
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('secrets', () => {
  const vars: Readonly<Record<string, RosterValue>> = {
    key: new VaultText(ONE),
    users: [{ name: 'ops', password: new VaultText(PROD) }],
    whole: { list: ['in a file', 7, true], text: 'x {{ plain }}' },
    plain: 'not secret',
    of_key: 'a {{ key }}',
    of_of_key: '{{ of_key|upper }}',
    made: "{{ [key, 'x'] }}",
    of_made: '{{ made|length }}',
    of_whole: '{{ whole|length }}',
    of_part: '{{ whole.list[0] }}',
    beside: '{{ users[0].name }} {{ users|length }} {{ plain }}',
    asks: "{{ 'yes' if key is defined else 'no' }}",
  }
  const reading = (seen: string[] = []) =>
    valuesOf(vars, { vault: { passwords, keys: new VaultKeys() }, onSecret: (secret) => seen.push(secret) }, ['whole'])

  test('are decrypted when they are read, and named to the scrubber before', () => {
    const seen: string[] = []
    const values = reading(seen)
    expect(seen).toEqual([])
    expect(plain(values.get('key'))).toBe('plain text of one')
    expect(seen).toEqual(['plain text of one'])
    expect(plain(values.get('users'))).toEqual([{ name: 'ops', password: 'zwei ☂ line\ntwo' }])
    expect(seen).toEqual(['plain text of one', 'zwei ☂ line\ntwo'])
    expect(plain(values.get('whole'))).toEqual({ list: ['in a file', 7, true], text: 'x not secret' })
    expect(seen.slice(2)).toEqual(['in a file', '7', 'x not secret'])
    expect(plain(values.get('made'))).toEqual(['plain text of one', 'x'])
    expect(seen.slice(5)).toEqual(['plain text of one', 'x'])
  })

  test.each([
    ['key', true],
    ['of_key', true],
    ['of_of_key', true],
    ['of_made', true],
    ['of_whole', true],
    ['of_part', true],
    ['asks', true],
    ['beside', false],
    ['plain', false],
  ])('%s: what is made of a secret is one', (name, secret) => {
    const values = reading()
    for (const _ of [1, 2]) expect(values.get(name)).toMatchObject({ kind: 'scalar', isSecret: secret })
  })

  test('each part of what is made of a secret is one, the first and the second time', () => {
    const values = reading()
    for (const _ of [1, 2]) {
      const made = values.get('made')
      const item = made?.kind === 'list' ? made.item(1) : undefined
      expect(item).toMatchObject({ value: 'x', isSecret: true })
    }
  })

  test('without a password, or with a wrong one, the others are read', () => {
    const none = valuesOf({ key: new VaultText(PROD), plain: 1, of_key: '{{ key }}' })
    expect(problemOf(() => none.get('key'))).toEqual({
      code: 'inventory-vault',
      message: 'vault id `prod`: no password',
      at: { file: 'host_vars/leaf1.yml', line: 1, column: 1 },
      hint: 'give the password of that id (`vault:`)',
    })
    expect(problemOf(() => none.get('of_key'))).toMatchObject({
      message: 'vault id `prod`: no password',
      at: { line: 1 },
    })
    expect(plain(none.get('plain'))).toBe(1)
  })
})
