import { describe, expect, test } from 'vitest'
import { type LazyValue, ValueFault } from '../../../src/model/once.ts'
import { lazyJinja, readAsJinja } from '../../../src/text/jinja/object/arithmetic.ts'
import { render } from '../../../src/text/jinja/render.ts'
import { table } from '../../table.ts'

const at = { file: 'host_vars/leaf1.yml', line: 4, column: 9 }
const broken = { code: 'inventory-jinja', message: 'lookup() is not run', at, hint: 'give the value' }

/** A lazy value of plain data, which notes what is read; `!` cannot be read, `?` is undefined. */
function lazy(data: unknown, read: string[] = [], path = ''): LazyValue {
  if (data === '!') throw new ValueFault(broken)
  if (data === '?') throw new ValueFault({ ...broken, message: '`asn` is not defined' }, true)
  if (path !== '') read.push(path)
  if (Array.isArray(data))
    return {
      kind: 'list',
      length: data.length,
      at,
      item: (index) => (index in data ? lazy(data[index], read, `${path}[${index}]`) : undefined),
    }
  if (typeof data === 'object' && data !== null) {
    const written = data instanceof Map ? [...data] : Object.entries(data)
    const entries = new Map(written.map(([key, value]) => [String(key), value]))
    return {
      kind: 'map',
      at,
      writtenKey: (name) => written.map(([key]) => key).find((key) => String(key) === name) ?? name,
      keys: () => [...entries.keys()],
      member: (key) => (entries.has(key) ? lazy(entries.get(key), read, `${path}.${key}`) : undefined),
    }
  }
  const isFloat = path === '.float' ? ({ isFloat: true } as const) : {}
  return { kind: 'scalar', value: data as string, isSecret: false, at, ...isFloat }
}

const DATA = {
  asn: 65_101,
  big: 12345678901234567890n,
  ntp: ['192.0.2.1', '192.0.2.2', '!'],
  bgp: {
    peers: [
      { ip: '192.0.2.9', as: 1 },
      { ip: '192.0.2.8', as: 2 },
    ],
    secret: '!',
  },
  vlans: new Map([
    ['20', 'voice'],
    ['10', 'users'],
  ]),
  numbered: new Map<number | boolean, unknown>([
    [20, 'voice'],
    [10, 'users'],
    [true, 1],
  ]),
  float: 1,
  none: null,
  late: '?',
  bad: '!',
}

function shown(template: string): { text: string; read: string[] } {
  const read: string[] = []
  const rendered = render({ file: 't.j2', text: template }, { variables: [['v', lazyJinja(lazy(DATA, read))]] })
  if (rendered.ok) return { text: rendered.text, read }
  const { code, message, problem, hint } = rendered.fault
  return { text: `${code} ${message} (${hint}) ${problem?.at.file}:${problem?.at.line} at ${rendered.offset}`, read }
}

describe('a lazy value in a template', () => {
  test.each([
    ['a member', '{{ v.asn }}', '65101', ['.asn']],
    ['by key', "{{ v['asn'] + 1 }}", '65102', ['.asn']],
    ['a whole number of any size', '{{ v.big }}', '12345678901234567890', ['.big']],
    ['an item', '{{ v.ntp[1] }}', '192.0.2.2', ['.ntp', '.ntp[1]']],
    ['the length, without items', '{{ v.ntp|length }} {{ v|length }}', '3 10', ['.ntp']],
    ['keys, without values', "{{ v|list|join(',') }}", 'asn,big,ntp,bgp,vlans,numbered,float,none,late,bad', []],
    ['in', "{{ 'bad' in v }} {{ 'x' in v }} {{ 'secret' in v.bgp }}", 'True False True', ['.bgp']],
    ['is defined', '{{ v.asn is defined }} {{ v.x is defined }}', 'True False', ['.asn']],
    ['undefined inside is undefined', "{{ v.late|default('n') }} {{ v.late is defined }}", 'n False', []],
    ['null is there', '{{ v.none is none }}', 'True', ['.none']],
    ['default', "{{ v.x|default('n') }} {{ v.x.y|default('m') }}", 'n m', []],
    [
      'a key is a number or a text',
      "{{ v.numbered[10] }} {{ v.numbered['10']|default('no') }} {{ v.vlans['20'] }} {{ v.vlans[20]|default('no') }}",
      'users no voice no',
      ['.numbered', '.numbered.10', '.vlans', '.vlans.20'],
    ],
    [
      'numbers among keys',
      '{{ v.numbered|list }} {{ 20 in v.numbered }}',
      '[20, 10, True] True',
      ['.numbered', '.numbered.20'],
    ],
    ['slice', '{{ v.ntp[:2] }}', "['192.0.2.1', '192.0.2.2']", ['.ntp', '.ntp[0]', '.ntp[1]']],
  ])('%s', (_name, template, text, read) => {
    const was = shown(template)
    expect(was).toEqual({ text, read })
  })

  test.each([
    ...table`
    map                {{ v.bgp.peers|map(attribute='ip')|join(' ') }}                         192.0.2.9 192.0.2.8
    selectattr         {{ v.bgp.peers|selectattr('as', 'gt', 1)|map(attribute='ip')|first }}   192.0.2.8
    sort               {{ (v.bgp.peers|sort(attribute='as', reverse=true))[0].ip }}            192.0.2.8
    dict2items         {{ v.vlans|dict2items|map(attribute='value')|list }}                    ['voice', 'users']
    tojson             {{ v.vlans|tojson }}                                                    {"10": "users", "20": "voice"}
    to_json of a list  {{ v.bgp.peers|to_json }}                                               [{"ip": "192.0.2.9", "as": 1}, {"ip": "192.0.2.8", "as": 2}]
    print              {{ v.vlans }}                                                           {'20': 'voice', '10': 'users'}
    equal              {{ v.vlans == {'10': 'users', '20': 'voice'} }} {{ v.bgp.peers[0] == v.bgp.peers[1] }}  True False
    combine            {{ v.vlans|combine({'30': 'x'}) }}                                      {'20': 'voice', '10': 'users', '30': 'x'}
    a float            {{ v.float }}                                                           1.0
    get                {{ v.vlans.get('10') }} {{ v.get('x', 5) }}                             users 5
    append             {% set x = v.bgp.peers %}{% set _ = x.append(1) %}{{ x|length }}{{ v.bgp.peers|length }}  33
    update             {% set _ = v.vlans.update({'10': 'a'}) %}{{ v.vlans['10'] }} {{ v.vlans.pop('20') }} {{ v.vlans|length }}  a voice 1
    clear              {% set _ = v.vlans.clear() %}{{ v.vlans|length }}                       0
    type               {{ v.vlans is mapping }} {{ v.ntp is sequence }} {{ v.asn is integer }} {{ v.vlans|type_debug }}  True True True dict
  `,
    ['items()', '{% for id, name in v.vlans.items() %}{{ id }}={{ name }} {% endfor %}', '20=voice 10=users '],
  ])('%s', (_name, template, text) => {
    expect(shown(template).text).toBe(text)
  })

  test.each([
    ['a member', '{{ v.bad }}', 5],
    ['a member with a default', "{{ v.bad|default('n') }}", 5],
    ['inside a filter', "{{ v.ntp|join(',') }}", 9],
    ['deep inside', '{{ v.bgp|tojson }}', 9],
  ])('what cannot be read ends the rendering with its own place: %s', (_name, template, offset) => {
    const { text } = shown(template)
    expect(text).toBe(`template-error lookup() is not run (give the value) host_vars/leaf1.yml:4 at ${offset}`)
  })

  test('[G137] what is undefined inside is refused where it is used, with its own place', () => {
    expect(shown('x {{ v.late + 1 }}').text).toBe(
      'template-undefined `asn` is not defined (give the value) host_vars/leaf1.yml:4 at 7',
    )
  })
})

test('names are found when they are asked for, and hide what can be called', () => {
  const asked: string[] = []
  const rendered = render(
    { file: 't.j2', text: '{{ asn }} {{ range }} {{ x|default(1) }}' },
    {
      variables: [['asn', 1n]],
      name: (name) => {
        asked.push(name)
        return readAsJinja(() => (name === 'x' ? undefined : lazy(`own ${name}`)))
      },
    },
  )
  expect(rendered).toMatchObject({ ok: true, text: 'own asn own range 1' })
  expect(asked).toEqual(['asn', 'range', 'x'])
})
