import { describe, expect, test } from 'vitest'
import { type GivenParams, readParams, readParamsFile } from '../../../src/change/workflow/param/read.ts'
import type { Param } from '../../../src/change/workflow/param/schema.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { linesOf, table } from '../../table.ts'

const AT = { file: 'w.yaml', line: 3, column: 3 }

const workflow = (params: Record<string, Param>) => ({
  name: 'w',
  params: Object.fromEntries(Object.entries(params).map(([name, param]) => [name, { ...param, at: AT }])),
})

const read = (param: Param, given: string) => {
  const result = readParams(workflow({ p: param }), { p: given })
  return result.ok ? result.value.p : result.problems.map(({ code, message, hint }) => `${code}: ${message} | ${hint}`)
}

describe('readParams', () => {
  test.each<[Param, string, unknown]>([
    [{ type: 'integer', minimum: 2, maximum: 4094 }, '120', 120],
    [{ type: 'string' }, '120', '120'],
    [{ type: 'string' }, 'no: quotes needed', 'no: quotes needed'],
    [{ type: 'string' }, "'120'", '120'],
    [{ type: 'string' }, '', ''],
    [{ type: 'string', pattern: '[A-Z]+' }, 'ABC', 'ABC'],
    [{ type: 'string', enum: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'ipAddress' }, '10.0.0.1', '10.0.0.1'],
    [{ type: 'ipAddress' }, '2001:DB8:0::1', '2001:db8::1'],
    [{ type: 'ipAddress', version: 6 }, '::1', '::1'],
    [{ type: 'ipPrefix' }, '10.0.0.0/24', '10.0.0.0/24'],
    [{ type: 'ipInterface' }, '10.0.1.1/31', '10.0.1.1/31'],
    [{ type: 'interface' }, 'Ethernet49/1', 'Ethernet49/1'],
    [{ type: 'interface' }, 'Port-Channel10.100', 'Port-Channel10.100'],
    [{ type: 'vlanRange' }, '20,10-12,11', '10-12,20'],
    [{ type: 'vlanRange' }, '110', '110'],
    [{ type: 'list', items: { type: 'integer' } }, '[1, 2]', [1, 2]],
    [{ type: 'list', items: { type: 'ipPrefix' } }, '[10.0.0.0/8]', ['10.0.0.0/8']],
  ])('%j takes %j', (param, given, expected) => {
    expect(read(param, given)).toEqual(expected)
  })

  test.each<[Param, string, string]>([
    [{ type: 'integer' }, 'abc', 'write it in digits'],
    [{ type: 'integer' }, '1.5', 'write it in digits'],
    [{ type: 'integer', minimum: 2 }, '1', 'choose 2 or more'],
    [{ type: 'integer', maximum: 4094 }, '4095', 'choose 4094 or less'],
    [{ type: 'string', pattern: '[A-Z]+' }, 'ABC1', 'for example -p p=PROD'],
    [{ type: 'string', pattern: 'a|b' }, 'ax', 'pattern'],
    [{ type: 'string', pattern: '[A-Z]+', example: 'PROD' }, 'prod', 'for example -p p=PROD'],
    [{ type: 'string', pattern: '[A-Z0-9_-]{1,32}' }, 'prod cache', 'for example -p p=PROD-CACHE'],
    [{ type: 'string', pattern: '[a-z]{3}\\d{2}' }, 'Berlin', 'for example -p p=aaa11'],
    [{ type: 'string', enum: ['prod', 'dev'] }, 'prd', 'did you mean `prod`'],
    [{ type: 'string', maxLength: 3 }, 'abcd', 'shorten'],
    [{ type: 'string' }, 'a\nvlan 1', 'retype'],
    [{ type: 'string' }, 'a\tb', 'retype'],
    [{ type: 'string' }, 'a\u202eb', 'retype'],
    [{ type: 'string' }, '"a\\nb"', 'retype'],
    [{ type: 'string' }, 'x'.repeat(4097), 'retype'],
    [{ type: 'boolean' }, 'yes', 'true'],
    [{ type: 'ipAddress' }, '10.0.0.1/24', '10.0.0.1'],
    [{ type: 'ipAddress', version: 6 }, '10.0.0.1', '2001:db8::1'],
    [{ type: 'ipPrefix' }, '10.0.0.1/24', 'did you mean 10.0.0.0/24?'],
    [{ type: 'ipPrefix', version: 4 }, '2001:db8::/32', '10.0.0.0/24'],
    [{ type: 'ipInterface' }, '10.0.0.1', '10.0.0.1/24'],
    [{ type: 'interface' }, 'et1', 'Ethernet1'],
    [{ type: 'interface' }, 'Ethernet1 | reload', 'Ethernet1'],
    [{ type: 'vlanRange' }, '10-9', '110-112'],
    [{ type: 'list', items: { type: 'integer' } }, '5', "for example -p 'p=[5]'"],
    [{ type: 'list', items: { type: 'interface' } }, 'Port-Channel1,Po2', "for example -p 'p=[Ethernet1]'"],
    [{ type: 'list', items: { type: 'integer' }, minItems: 2 }, '[5]', 'add'],
    [{ type: 'list', items: { type: 'integer' }, maxItems: 1 }, '[5, 6]', 'shorten'],
    [{ type: 'list', items: { type: 'interface' } }, '[Ethernet1, Po1]', 'did you mean Port-Channel1?'],
  ])('%j refuses %j', (param, given, hint) => {
    const problems = read(param, given)
    expect(problems).toHaveLength(1)
    expect(String(problems)).toMatch(/^bad-parameter: /)
    expect(String(problems)).toContain(hint)
  })

  test('missing, unknown and wrong ones are all named at once, each at its place', () => {
    const file = readParamsFile('vlan: 5000\nlabel: [a]\nvlans: [1, x]\nextra: 1\n', 'params.yaml')
    if (!file.ok) throw new Error('file')
    const given: GivenParams = { ...file.value, vln: '7' }
    const problems = problemsOf(
      readParams(
        workflow({
          vlan: { type: 'integer', maximum: 4094 },
          label: { type: 'string' },
          vlans: { type: 'list', items: { type: 'integer' } },
          site: { type: 'string', description: 'the data centre' },
          optional: { type: 'boolean', default: false },
        }),
        given,
      ),
    )
    expect(problems.map(({ code, at }) => `${at.file}:${at.line}:${at.column} ${code}`)).toEqual(
      linesOf(`
      -p vln:1:1 unknown-parameter
      params.yaml:1:7 bad-parameter
      params.yaml:2:8 bad-parameter
      params.yaml:3:12 bad-parameter
      params.yaml:4:1 unknown-parameter
      w.yaml:3:3 missing-parameter
    `),
    )
    expect(problems.at(-1)?.message).toContain('the data centre')
    expect(problems.at(-1)?.hint).toContain('-p site=TEXT')
    expect(problems.at(0)?.hint).toContain('`vlan`')
  })

  test('defaults are used', () => {
    const result = readParams(
      workflow({ a: { type: 'integer', default: 7 }, b: { type: 'vlanRange', default: 10 } }),
      {},
    )
    expect(result).toEqual({ ok: true, value: { a: 7, b: '10' } })
  })

  test('the file of parameters is a mapping', () => {
    expect(problemsOf(readParamsFile('- vlan: 1', 'p.yaml'))[0]).toMatchObject({
      code: 'wrong-type',
      at: { line: 1, column: 1 },
    })
    expect(problemsOf(readParamsFile('', 'p.yaml'))[0]?.code).toBe('empty-file')
  })
})

describe('a number that is written otherwise than it prints', () => {
  const readFile = (param: Param, written: string) => {
    const given = readParamsFile(`p: ${written}\n`, 'params.yaml')
    if (!given.ok) return given.problems.map(({ code }) => code)
    const result = readParams(workflow({ p: param }), given.value)
    return result.ok ? result.value.p : result.problems.map(({ message, hint }) => `${message} | ${hint}`)
  }

  // A hint that names another value than was written plans that other value.
  test.each<[Param, string, string]>([
    [{ type: 'string' }, '65000.10', "the parameter `p`: must be text, not 65000.10 | put it in quotes: '65000.10'"],
    [{ type: 'string' }, '0100', "the parameter `p`: must be text, not 0100 | put it in quotes: '0100'"],
    [{ type: 'string' }, '0x1F', "the parameter `p`: must be text, not 0x1F | put it in quotes: '0x1F'"],
    [{ type: 'string' }, '65101', "the parameter `p`: must be text, not 65101 | put it in quotes: '65101'"],
    [
      { type: 'integer' },
      '010',
      'the parameter `p`: 010 is another way to write 10, and may be meant otherwise | write it in plain digits: 10',
    ],
    [
      { type: 'integer' },
      '0x1F',
      'the parameter `p`: 0x1F is another way to write 31, and may be meant otherwise | write it in plain digits: 31',
    ],
    [
      { type: 'integer' },
      '1e3',
      'the parameter `p`: 1e3 is another way to write 1000, and may be meant otherwise | write it in plain digits: 1000',
    ],
    [
      { type: 'list', items: { type: 'integer' } },
      '[1, 1.0]',
      'the parameter `p[1]`: 1.0 is another way to write 1, and may be meant otherwise | write it in plain digits: 1',
    ],
    [
      { type: 'vlanRange' },
      '1e3',
      'the parameter `p`: "1e3" is not a range of VLANs from 1 to 4094 | for example 110-112,120',
    ],
  ])('%j: %s', (param, written, expected) => {
    expect(readFile(param, written)).toEqual([expected])
  })

  test('[M9] is the same number where it is written in plain digits', () => {
    expect([readFile({ type: 'integer' }, '10'), readFile({ type: 'vlanRange' }, '110')]).toEqual([10, '110'])
  })
})

describe('[M11] the name of an interface', () => {
  test.each(
    table`
    Ethernet1  Ethernet4000  Ethernet49/1  Ethernet1/1/1  Ethernet3/1/2/3  Ethernet1.1  Ethernet1/1/1.4094
    UnconnectedEthernet16  Fabric1  Fabric3/1/1  Management0  Management1  Management1/1  Port-Channel1
    Port-Channel2000  Port-Channel999999  Port-Channel10.100  Port-Channel10.4094  Recirc-Channel1  Loopback0
    Loopback1000  Loopback2100  Vlan1  Vlan4094  Vxlan1  Dps1  Tunnel0  Tunnel112
  `.flat(),
  )('%s', (name) => {
    expect(read({ type: 'interface' }, name)).toBe(name)
  })

  test.each(
    table`
    # Out of range.
    Vlan0  Vlan4095  Vlan99999  Ethernet0  Ethernet0/1  Ethernet1/0  Ethernet1/1/0  Ethernet1/1000
    Port-Channel0  Port-Channel1000000  Loopback2101  Vxlan0  Vxlan2  Dps0  Recirc-Channel0  Fabric0
    UnconnectedEthernet0  Management1/0  Ethernet1.0  Ethernet1.4095  Port-Channel10.0  Port-Channel10.4095
    # Zeros in front.
    Ethernet01  Ethernet1/01  Ethernet1.01  Vlan010  Loopback00  Loopback01  Port-Channel010  Management00
    Tunnel01  Vxlan01  Management01  Port-Channel10.010
    # Parts and sub-interfaces of what has none.
    Vlan110.5  Loopback0.1  Vxlan1.1  Management1.5  Tunnel1.1  Vlan1/1  Port-Channel1/1  Loopback0/1
    Ethernet1/2/3/4/5  Management1/1/1  Ethernet1.1.1  Ethernet1/  Ethernet1.  Ethernet/1
    # Short, in other letters, or more than one.
    et1  Et1  ethernet1  Po1  lo0  vlan110  Ma1  Ethernet 1  Ethernet1-4  Ethernet1,2  Ethernet
    GigabitEthernet1  constructor1  __proto__  Ethernet+1  Ethernet1e1  Ethernet١  Ethernet-1
  `.flat(),
  )('%s is refused', (name) => {
    expect(read({ type: 'interface' }, name)).toEqual([expect.stringContaining('is not the full name of an interface')])
  })

  test.each<[string, string | undefined]>([
    ['Po1', 'Port-Channel1'],
    ['eth6', 'Ethernet6'],
    ['Ethernet 1', 'Ethernet1'],
    ['Gi1', undefined],
    ['V1', undefined],
  ])('%s: what was meant is %s', (name, meant) => {
    expect(read({ type: 'interface' }, name)).toEqual([
      expect.stringMatching(meant === undefined ? / \| write it as / : new RegExp(`did you mean ${meant}\\?$`)),
    ])
  })

  test.each(table`
    Vlan4095         Vlan1 to Vlan4094, without zeros in front
    Loopback2101     Loopback0 to Loopback2100, without zeros in front
    Vxlan2           Vxlan1 is the only one, without zeros in front
    Ethernet1.4095   sub-interfaces are 1 to 4094, without zeros in front
    Ethernet1/0      the parts of a port are 1 to 999, without zeros in front
    Port-Channel1/1  Port-Channel has fewer parts
    Vlan110.5        Vlan has no sub-interfaces
  `)('%s: the message says why', (name, why) => {
    expect(read({ type: 'interface' }, name)).toEqual([
      `bad-parameter: the parameter \`p\`: "${name}" is not the full name of an interface: ${why} | write it as the running-config does: Ethernet1, Ethernet49/1, Port-Channel10, Vlan110`,
    ])
  })
})
